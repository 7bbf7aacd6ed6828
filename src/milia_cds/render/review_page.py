"""The review pack as one page of HTML, without scripts, or as Markdown.

Both say the same; every text is escaped. The page is made to be printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from milia_cds.errors import visible
from milia_cds.render.markup import escaped
from milia_cds.render.pack import Pack, PackClaim, PackSection
from milia_cds.render.phrases import capital

HOW_TO = """\
Tick what you agree with. Where you do not, leave the box empty and say why beside it. \
Every claim has a number, and a short name by which it is found again in the files.
In italics stands what a patient reads. A claim rests on the sources that it names, \
with the certainty of the weakest, or is a judgement of the authors.
What several options or scenarios share is said once, before them; each of them lists \
by number what it takes from there.""".splitlines()
SIGN_OFF = ("Name and specialty", "Date", "Signature", "Conflicts of interest")

_CSS = """
@page { size: A4; margin: 13mm; }
:root { color-scheme: light; }
body { font: 10.5pt/1.4 Georgia, "Times New Roman", serif; color: #111;
  background: #fff; max-width: 62rem; margin: 0 auto; padding: 1rem; }
h1, h2, h3, th, .id, .draft, nav { font-family: "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 .5rem; border-bottom: 2px solid #111; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .3rem; }
h1::first-letter, h2::first-letter, h3::first-letter { text-transform: uppercase; }
.draft { border: 2px solid #a11; color: #a11; padding: .4rem .7rem; font-weight: 700; }
.digest { overflow-wrap: anywhere; font: .8rem/1.4 monospace; }
nav ul { columns: 2; column-gap: 2rem; font-size: .85rem; list-style: none;
  padding: 0; }
nav li { break-inside: avoid; }
nav a { display: inline-block; padding: .2rem 0; min-height: 24px; }
.level-2 { font-weight: 700; margin-top: .35rem; } .level-3 { padding-left: 1rem; }
a { color: #134a86; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
th { text-align: left; font-size: .75rem; color: #444; }
th, td { border-top: 1px solid #bbb; padding: .3rem .4rem; vertical-align: top; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
h2, h3 { break-after: avoid; }
.tick { width: 2.6rem; } .remarks { width: 22%; border-left: 1px dotted #999; }
.number { display: block; font: .65rem Arial, sans-serif; color: #555; }
input { width: 1rem; height: 1rem; margin: 0; }
caption { text-align: left; padding: .3rem .4rem; }
.when { color: #134a86; } .plain { font-style: italic; }
.grounds { font-size: .85em; color: #444; overflow-wrap: anywhere; }
p { margin: 0 0 .1rem; } .also { font-size: .9em; margin-bottom: .4rem; }
.lines td { height: 2.2rem; } .lines th { width: 12rem; vertical-align: bottom; }
.room { border: 1px solid #999; height: 3rem; padding: .2rem .4rem; margin: .4rem 0;
  font-size: .75rem; color: #555; break-inside: avoid; }
.sources { font-size: .95em; }
.sources li { break-inside: avoid; overflow-wrap: anywhere; }
@media print { body { max-width: none; padding: 0; font-size: 8.5pt; line-height: 1.3; }
  h2 { break-before: page; } h2.first { break-before: auto; }
  th, td { padding: .15rem .4rem; } a { color: inherit; text-decoration: none; } }
@media (max-width: 40rem) { nav ul { columns: 1; } .remarks { width: 15%; } }
"""


def page_of(pack: Pack) -> str:
    """The pack as one self-contained page of HTML."""
    return "\n".join(_page(pack)) + "\n"


def _page(pack: Pack) -> Iterator[str]:
    title = escaped(pack.title)
    yield "<!doctype html>"
    yield '<html lang="en-GB"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{title}</title><style>{_CSS}</style></head><body>"
    yield f'<h1 id="top">{title}</h1>'
    yield f'<p class="draft">{escaped(capital(pack.notice))}</p>'
    yield f"<p>{escaped(_stamp(pack))}</p>"
    yield f'<p class="digest">{escaped(pack.digest)}</p>'
    for text in HOW_TO:
        yield f"<p>{escaped(text)}</p>"
    yield f'<table class="lines"><caption>{escaped(_counted(pack))}</caption>'
    for label in SIGN_OFF:
        yield f"<tr><th>{label}</th><td></td></tr>"
    yield "</table>"
    yield from _contents(pack)
    numbers = _numbers(pack)
    for section in pack.sections:
        yield from _section(section, numbers)
    yield '<h2 id="sources">Sources</h2><ul class="sources">'
    for name, text in pack.sources.items():
        yield f'<li id="source-{escaped(name)}">{escaped(text)}</li>'
    yield "</ul></body></html>"


def _contents(pack: Pack) -> Iterator[str]:
    yield '<nav aria-label="Contents"><h2 class="first">Contents</h2>'
    yield "<ul>"
    for section in pack.sections:
        title = escaped(capital(section.title))
        link = f'<a href="#{escaped(section.id)}">{title}</a>'
        yield f'<li class="level-{section.level}">{link}</li>'
    yield '<li class="level-2"><a href="#sources">Sources</a></li></ul></nav>'


def _section(section: PackSection, numbers: Mapping[str, int]) -> Iterator[str]:
    title = escaped(capital(section.title))
    yield f'<h{section.level} id="{escaped(section.id)}">{title}</h{section.level}>'
    for note in section.notes:
        yield f"<p>{escaped(note)}</p>"
    if section.also:
        links = ", ".join(
            f'<a href="#{escaped(name)}">{numbers[name]}</a>'
            for name in sorted(section.also, key=numbers.__getitem__)
        )
        yield f'<p class="also">Shared with others, see above: {links}.</p>'
    if section.claims:
        yield "<table><thead><tr>"
        yield '<th class="tick">Yes</th><th>Claim</th>'
        yield '<th class="remarks">Remarks</th></tr></thead><tbody>'
        for claim in section.claims:
            yield _row(claim, numbers[claim.id])
        yield "</tbody></table>"
        yield f'<div class="room">Missing, wrong or to be said otherwise: {title}</div>'


def _row(claim: PackClaim, number: int) -> str:
    name = escaped(claim.id)
    when = f'<span class="when">If {escaped(claim.when)}:</span> ' if claim.when else ""
    plain = f'<p class="plain">{escaped(claim.plain)}</p>' if claim.plain else ""
    return (
        f'<tr id="{name}"><td class="tick">'
        f'<input type="checkbox" aria-label="Agreed: {name}">'
        f'<span class="number">{number}</span></td>'
        f"<td><p>{when}{escaped(claim.text)}</p>{plain}"
        f'<p class="grounds">{_grounds(claim)}</p></td>'
        '<td class="remarks"></td></tr>'
    )


def _grounds(claim: PackClaim) -> str:
    links = [
        f'<a href="#source-{escaped(name)}">{escaped(name)}</a>'
        for name in claim.sources
    ]
    return "; ".join([*_founded(claim, links), escaped(claim.id)])


def _founded(claim: PackClaim, sources: Iterable[str]) -> Iterator[str]:
    if named := ", ".join(sources):
        yield f"{named} (certainty {claim.certainty})"
    if claim.judgement:
        yield "judgement"


# -- Markdown --

_MARKED = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>#|~"})


def markdown_of(pack: Pack) -> str:
    """The pack as Markdown, with a task list of claims."""
    return "\n".join(_markdown(pack)) + "\n"


def _markdown(pack: Pack) -> Iterator[str]:
    yield f"# {_marked(pack.title)}\n"
    yield f"**{_marked(capital(pack.notice))}**\n"
    yield f"{_marked(_stamp(pack))}\n"
    yield f"`{visible(pack.digest)}`\n"
    for text in HOW_TO:
        yield f"{_marked(text)}\n"
    yield f"{_counted(pack)}\n"
    for label in SIGN_OFF:
        yield f"* {label}: ______________________"
    yield "\n## Contents\n"
    for section in pack.sections:
        indent = "  " * (section.level - 2)
        title = _marked(capital(section.title))
        yield f"{indent}* [{title}](#{section.id})"
    numbers = _numbers(pack)
    for section in pack.sections:
        yield from _marked_section(section, numbers)
    yield "\n## Sources\n"
    for text in pack.sources.values():
        yield f"* {_marked(text)}"


def _marked_section(section: PackSection, numbers: Mapping[str, int]) -> Iterator[str]:
    title = _marked(capital(section.title))
    yield f'\n<a id="{section.id}"></a>\n\n{"#" * section.level} {title}\n'
    for note in section.notes:
        yield f"{_marked(note)}\n"
    if section.also:
        also = ", ".join(map(str, sorted(numbers[name] for name in section.also)))
        yield f"Shared with others, see above: {also}.\n"
    for claim in section.claims:
        yield from _item(claim, numbers[claim.id])
    if section.claims:
        yield "\nRemarks:\n\n> \n"


def _item(claim: PackClaim, number: int) -> Iterator[str]:
    when = f"If {_marked(claim.when)}: " if claim.when else ""
    yield f"* [ ] **{number}** {when}{_marked(claim.text)}"
    if claim.plain:
        yield f"  <br>*{_marked(claim.plain)}*"
    founded = "; ".join([*_founded(claim, claim.sources), claim.id])
    yield f"  <br>({_marked(founded)})"


# -- what both say --


def _numbers(pack: Pack) -> dict[str, int]:
    return {claim.id: number for number, claim in enumerate(pack.claims, 1)}


def _stamp(pack: Pack) -> str:
    return f"Knowledge {pack.version}, to be reviewed by {pack.review_by}."


def _counted(pack: Pack) -> str:
    return f"{len(pack.claims)} claims, {len(pack.sources)} sources."


def _marked(text: str) -> str:
    return visible(text, "\n\t").translate(_MARKED)
