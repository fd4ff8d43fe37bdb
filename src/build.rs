//! Build script: a changed rule is a changed program, since the rules ship inside it.

fn main() {
    println!("cargo:rerun-if-changed=rules");
    println!("cargo:rerun-if-changed=src");
}
