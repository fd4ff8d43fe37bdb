#!/usr/bin/env python3
"""Scores the program over replies that many hands wrote, each as a real mail in the thread of its invitation.

    score.py PROGRAM --only open|held [--json] [--errors N] [--doubts] [--with FIELD] [FILE.jsonl…]

`mail/*.jsonl` holds one reply a line: id, config (a file of `announced/`), from, text, and gold, the label that its writer gave it by
letters/LABELS.md (by one reader, so a few are wrong); where it is not an ordinary reply, also its subject and its thread (reply, new or
forward). A text may hold quoted lines of the invitation, where it was answered between them. Figures are those of letters/score.py.
Replies whose number divides by 3 are held out for good: their figures are printed, never their mistakes. `--errors` shows what is misread,
`--with` only misreadings of one field, `--doubts` the replies that a person is asked to read for nothing.
"""
import argparse, glob, json, os, re, subprocess, sys, tempfile
from email.message import EmailMessage
from email.policy import SMTP

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "letters"))
import score as letters

# The invitation each configuration's replies answer: when it is answered, and what its subject is.
INVITATIONS = {
    "egm": ("Sun, 18 Feb 2018 10:12:00 +0100", "Etats Généraux des Migrations - invitation samedi 3 mars"),
    "forum": ("Wed, 08 May 2019 10:12:00 +0200", "Invitation au Forum des solidarités du 18 mai"),
    "banquet": ("Tue, 14 Jun 2022 10:12:00 +0200", "Invitation au grand pique-nique du 25 juin"),
    "trois": ("Tue, 10 Jan 2023 10:12:00 +0100", "Invitation à notre assemblée générale du 20 janvier"),
    "semaine": ("Mon, 04 Mar 2024 10:12:00 +0100", "Invitation à la semaine des solidarités"),
    "assemblee": ("Tue, 25 Mar 2025 10:12:00 +0100", "Invitation à notre assemblée générale du 5 avril"),
    "chantier": ("Tue, 12 Sep 2023 10:12:00 +0200", "Invitation au chantier du lavoir"),
    "journee": ("Tue, 05 Nov 2024 10:12:00 +0100", "Samedi 16 novembre à Mens, une journée ensemble"),
    "dates": ("Mon, 06 Jan 2025 10:12:00 +0100", "Nos rendez-vous de janvier"),
    "serie": ("Mon, 24 Feb 2025 10:12:00 +0100", "Formation : dites-nous si vous venez"),
    "soutien": ("Mon, 13 May 2024 10:12:00 +0200", "ARDC - 25 mai et 6 juin : vous êtes invités"),
    "weekend": ("Sun, 01 Jun 2025 10:12:00 +0200", "Week-end du moulin, venez nombreux !"),
    "cine": ("Sun, 22 Sep 2024 10:12:00 +0200", "Trois jeudis de cinéma - invitation"),
    "carrefour": ("Tue, 06 Jan 2026 10:12:00 +0100", "Assises locales de l'hospitalité, samedi 31 janvier - invitation"),
    "vingt": ("Tue, 02 Sep 2025 10:12:00 +0200", "Nos vingt ans, le 20 septembre !"),
    "rentree": ("Mon, 26 Aug 2024 10:12:00 +0200", "Rentrée des bénévoles le 14 septembre et soirée du 26"),
    "fete": ("Mon, 30 Sep 2024 10:12:00 +0200", "Invitation à la fête d'automne du 12 octobre"),
    "verger": ("Thu, 16 Oct 2025 18:47:00 +0200", "Novembre au verger : un film, un chantier, un repas"),
    "refuge": ("Mon, 27 Feb 2023 18:20:00 +0100", "Accueillir dans nos vallées : journée du 18 mars et soirée du 30"),
    "quartier": ("Tue, 16 May 2023 18:40:00 +0200", "Fête du quartier des Tanneurs le 17 juin : qui vient, qui fait quoi ?"),
    "chorale": ("Tue, 27 Feb 2024 18:15:00 +0100", "Assemblée, concert et repas : nos trois rendez-vous du printemps (réponse pour le repas du 6 avril)"),
    "conference": ("Tue, 19 Sep 2023 18:40:00 +0200", "Samedi 14 octobre : journée d'ateliers à Montbrison (et conférence à Feurs le jeudi 5)"),
    "nettoyage": ("Tue, 6 Sep 2022 18:20:00 +0200", "Nettoyage des berges de la Dore samedi 24 septembre : qui vient ?"),
    "palabre": ("Mon, 23 Sep 2019 18:40:00 +0200", "Palabre vous invite : une avocate le 10 octobre, un repas à Lunan le 20"),
    "parents": ("Mon, 30 May 2022 20:15:00 +0200", "Réunion du mardi 14 juin et kermesse du samedi 18 : on a besoin de vous"),
    "solidaires": ("Tue, 22 Oct 2024 18:40:00 +0200", "Nos quatre rendez-vous de novembre : film, cours, repas, assemblée générale"),
    "maison": ("Tue, 24 Sep 2024 17:10:00 +0200", "Octobre à la Maison du Lavoir : quatre rendez-vous (et qui vient à la potée du 25 ?)"),
    "collectif": ("Mon, 23 Sep 2019 18:15:00 +0200", "Matinée de travail du 12 octobre à Figeac (et soirée avec Hélène Mazars le 17)"),
    "amap": ("Tue, 14 May 2019 19:12:00 +0200", "Dimanche 2 juin : la journée à la ferme, qui vient ?"),
}
FIGURES = (
    "kind attendance people meal part workshops offers offers_course offers_own offers_tentative organisation "
    "needs_human_recall needs_human_precision whole sure sure_wrong false_acks missed_acks missing"
).split()


def announced(config):
    return os.path.join(HERE, "announced", config + ".toml")


def mail(reply):
    """The reply as a message/rfc822 text."""
    date, subject = INVITATIONS[reply["config"]]
    address = re.search(r'^address = "(.*)"', open(announced(reply["config"]), encoding="utf-8").read(), re.M)[1]
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Date"] = reply["from"], address, date
    message["Subject"] = reply.get("subject", "Re: " + subject)
    message["Message-ID"] = f"<{reply['id']}@mail.example>"
    if reply.get("thread", "reply") == "reply":
        message["In-Reply-To"] = f"<invitation@{address.split('@')[1]}>"
    message.set_content(reply["text"] + "\n")
    return bytes(message)


def read(program, replies, folder):
    """Writes each reply and its label into the folder, and returns what the program prints of it, by id."""
    for config in sorted({r["config"] for r in replies}):
        os.makedirs(os.path.join(folder, config))
    for reply in replies:
        stem = os.path.join(folder, reply["config"], reply["id"])
        with open(stem + ".eml", "wb") as file:
            file.write(mail(reply))
        with open(os.path.join(folder, reply["id"] + ".json"), "w", encoding="utf-8") as file:
            json.dump(reply["gold"], file, ensure_ascii=False)
    readings = {}
    for config in sorted({r["config"] for r in replies}):
        command = [program, "understand", "--json", "--config", announced(config), os.path.join(folder, config)]
        for line in subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines():
            reading = json.loads(line)
            readings[os.path.splitext(os.path.basename(reading["file"]))[0]] = reading
    return readings


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program")
    options.add_argument("files", nargs="*", default=sorted(glob.glob(os.path.join(HERE, "mail", "*.jsonl"))))
    options.add_argument("--only", choices=["open", "held"], required=True)
    options.add_argument("--json", action="store_true")
    options.add_argument("--errors", type=int, default=0)
    options.add_argument("--doubts", action="store_true")
    options.add_argument("--with", dest="field", default="")
    asked = options.parse_intermixed_args()
    if asked.only == "held" and (asked.errors or asked.doubts):
        sys.exit("score.py: the mistakes in held-out replies are never looked at; use --only open")
    replies = [json.loads(line) for path in asked.files for line in open(path, encoding="utf-8") if line.strip()]
    held = lambda r: int(r["id"].split("-")[1]) % 3 == 0
    replies = [r for r in replies if held(r) == (asked.only == "held")]
    with tempfile.TemporaryDirectory() as folder:
        readings = read(asked.program, replies, folder)
        figures, _, errors = letters.score(folder, readings)
    if asked.json:
        print(json.dumps(figures, sort_keys=True))
        return
    print(f"{len(replies)} replies:", " ".join(f"{k}={figures.get(k, '-')}" for k in FIGURES))
    texts = {r["id"]: r["text"] for r in replies}
    errors = [(name, bad) for name, bad in errors if any(b.startswith(asked.field) for b in bad)]
    for name, bad in errors[: asked.errors]:
        print(f"### {name} | {'; '.join(bad)}\n{texts[name]}\n    review: {readings[name]['review']}")
    for reply in replies if asked.doubts else []:
        review = readings[reply["id"]]["review"]
        if review and reply["gold"]["kind"] in ("rsvp", "question") and not reply["gold"]["needs_human"]:
            print(f"### doubt {reply['id']} {review}\n{reply['text']}")


if __name__ == "__main__":
    main()
