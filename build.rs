//! Builds anew when a file is added to what ships inside the program; a change of a known file is seen without this.

fn main() {
    println!("cargo:rerun-if-changed=rules");
    println!("cargo:rerun-if-changed=src/command/demo/letters");
}
