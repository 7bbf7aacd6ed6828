"""The look of every page and picture: colours for light, dark and paper, and the type.

Every pair of a text and its ground has a contrast of at least 4.5 to 1. The rules are
confined to `.milia`, so that a card changes nothing else in a notebook.
"""

from __future__ import annotations

from collections.abc import Mapping

FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"

# What each colour is for: ground, raised ground, text, quiet text, rule, link, and the
# ink and tint of what speaks for, what is open and what speaks against.
_LIGHT = {
    "ground": "#ffffff",
    "raised": "#f4f6f8",
    "text": "#1b1f24",
    "quiet": "#57606a",
    "rule": "#8a939d",
    "link": "#0a4d8c",
    "good": "#17602f",
    "good-tint": "#e3f4e7",
    "open": "#744700",
    "open-tint": "#fdf1d6",
    "bad": "#96181c",
    "bad-tint": "#fce8e6",
    "bar-a": "#24557f",
    "bar-b": "#5b8fbd",
    "on-a": "#ffffff",
    "on-b": "#0b1a29",
}
_DARK = {
    "ground": "#15191e",
    "raised": "#20262d",
    "text": "#e6e9ec",
    "quiet": "#a9b2bc",
    "rule": "#6b7683",
    "link": "#8cc4ff",
    "good": "#84dfa0",
    "good-tint": "#173322",
    "open": "#f3c65d",
    "open-tint": "#3a2d0c",
    "bad": "#ffa79f",
    "bad-tint": "#431c1c",
    "bar-a": "#9cc7ee",
    "bar-b": "#3f75a6",
    "on-a": "#0b1a29",
    "on-b": "#ffffff",
}


def _colours(selector: str, colours: Mapping[str, str], scheme: str) -> str:
    said = "".join(f"--{name}:{value};" for name, value in colours.items())
    return f"{selector}{{{said}color-scheme:{scheme}}}"


# A notebook tells its own theme, which may differ from that of the system.
_THEMES = "\n".join(
    [
        _colours(".milia", _LIGHT, "light"),
        f"@media (prefers-color-scheme:dark){{{_colours('.milia', _DARK, 'dark')}}}",
        _colours(
            "[data-jp-theme-light=true] .milia,.vscode-light .milia", _LIGHT, "light"
        ),
        _colours(
            "[data-jp-theme-light=false] .milia,.vscode-dark .milia", _DARK, "dark"
        ),
        "@media print{"
        + _colours(
            ".milia.milia,[data-jp-theme-light] .milia.milia,.vscode-dark .milia.milia",
            _LIGHT,
            "light",
        )
        + "}",
    ]
)

_CARD = f"""\
.milia{{box-sizing:border-box;max-width:54rem;padding:1rem 1.2rem;
 border:1px solid var(--rule);border-radius:6px;background:var(--ground);
 color:var(--text);font:15px/1.5 {FONT};text-align:left;overflow-wrap:anywhere}}
.milia *{{box-sizing:border-box}}
.milia .title,.milia .part,.milia .name{{color:var(--text);font-weight:bold;
 letter-spacing:0;text-transform:none;border:0;padding:0}}
.milia .title{{font-size:1.4rem;line-height:1.25;margin:.2rem 0 .4rem}}
.milia .part{{font-size:1.1rem;line-height:1.3;margin:1.3rem 0 .4rem}}
.milia .name{{font-size:1rem;line-height:1.4;margin:0 0 .2rem}}
.milia p{{margin:.3rem 0}}
.milia ul,.milia ol{{margin:.2rem 0 .4rem;padding-left:1.25rem}}
.milia li{{margin:.15rem 0}}
.milia ul.plain,.milia ol.plain{{list-style:none;padding-left:0}}
.milia a{{color:var(--link);text-decoration:underline}}
.milia :focus-visible{{outline:2px solid var(--link);outline-offset:2px}}
.milia .quiet,.milia .cite{{color:var(--quiet)}}
.milia .cite{{font-size:.85em}}
.milia .banner{{margin:0 0 .6rem;padding:.35rem .7rem;border-left:4px solid var(--open);
 background:var(--open-tint);color:var(--text)}}
.milia .alert{{margin:0 0 .6rem;padding:.5rem .8rem;border:1px solid var(--bad);
 border-left-width:8px;background:var(--bad-tint);color:var(--text);
 break-inside:avoid}}
.milia .alert.asked{{border-color:var(--open);background:var(--open-tint)}}
.milia .alert p{{margin:.1rem 0}}
.milia .alert .how{{margin-right:.4rem;letter-spacing:.02em}}
.milia .option{{margin:.6rem 0;padding:.6rem .8rem;border:1px solid var(--rule);
 border-radius:5px;background:var(--ground)}}
.milia .tag{{display:inline-block;margin:0 .3rem .1rem 0;padding:0 .45rem;
 border:1px solid currentColor;border-radius:1rem;font-size:.85rem;font-weight:normal}}
.milia .good{{color:var(--good)}}
.milia .open{{color:var(--open)}}
.milia .bad{{color:var(--bad)}}
.milia .mark{{font-weight:bold}}
.milia details{{margin:.1rem 0}}
.milia summary{{cursor:pointer;padding:.05rem 0;color:var(--link);min-height:24px}}
.milia .folded{{margin:.1rem 0 .5rem;padding-left:.8rem;
 border-left:2px solid var(--rule)}}
.milia pre.words{{font:.85rem/1.4 ui-monospace,monospace;white-space:pre-wrap;
 margin:0;padding:0;background:none;color:var(--text)}}
.milia.picture{{max-width:max-content}}
.milia .wide{{overflow-x:auto;margin:.5rem 0}}
.milia svg{{display:block;font-family:{FONT}}}
.milia.milia table{{border-collapse:collapse;margin:.3rem 0;font-size:.95rem;
 color:var(--text)}}
.milia.milia table tr{{background:var(--ground)}}
.milia.milia table th,.milia.milia table td{{padding:.3rem .5rem;text-align:left;
 vertical-align:top;border:1px solid var(--rule);white-space:normal;max-width:none}}
.milia.milia table th{{background:var(--raised);font-weight:bold}}
.milia .digest{{margin-top:1.2rem;padding-top:.5rem;border-top:1px solid var(--rule);
 font-size:.85rem;color:var(--quiet)}}
@media (max-width:30rem){{.milia{{padding:.7rem .7rem}}}}
@media print{{
 .milia{{max-width:none;border:0;padding:0;font-size:10.5pt}}
 .milia details::details-content{{content-visibility:visible;display:block;
  block-size:auto}}
 .milia summary{{color:var(--text);font-weight:bold;list-style:none}}
 .milia summary::marker{{content:""}}
 .milia .title,.milia .part,.milia .name,.milia summary{{break-after:avoid}}
 .milia li,.milia tr{{break-inside:avoid}}
 .milia li.option{{break-inside:auto}}
 .milia .banner,.milia .alert,.milia .calls>li{{print-color-adjust:exact}}
 .milia .wide{{overflow:visible;margin:0}}
}}
"""

_PICTURE = f"""\
svg.milia{{font-family:{FONT};background:var(--ground);border:0;padding:0;
 max-width:none;display:block}}
.milia text{{fill:var(--text);font-size:13px}}
.milia text.quiet{{fill:var(--quiet)}}
.milia text.small{{font-size:12px}}
.milia text.strong{{font-weight:bold}}
.milia text.good{{fill:var(--good)}}
.milia text.open{{fill:var(--open)}}
.milia text.bad{{fill:var(--bad)}}
.milia .box{{fill:var(--ground);stroke:var(--rule);stroke-width:1.2}}
.milia .box.raised{{fill:var(--raised)}}
.milia .box.true{{fill:var(--good-tint);stroke:var(--good);stroke-width:2.6}}
.milia .box.unknown{{fill:var(--open-tint);stroke:var(--open);stroke-width:2;
 stroke-dasharray:7 4}}
.milia .box.danger{{fill:var(--bad-tint);stroke:var(--bad);stroke-width:2.6}}
.milia .box.false{{fill:var(--ground);stroke:var(--rule);stroke-dasharray:2 3}}
.milia .box.way{{stroke:var(--bar-a);stroke-width:2}}
.milia .edge{{fill:none;stroke:var(--rule);stroke-width:1.3}}
.milia .edge.true{{stroke:var(--good);stroke-width:3}}
.milia .edge.unknown{{stroke:var(--open);stroke-width:2.2;stroke-dasharray:7 4}}
.milia .edge.danger{{stroke:var(--bad)}}
.milia .edge.false{{stroke-dasharray:2 3}}
.milia .head{{fill:var(--rule)}}
.milia .head.true,.milia .mark.true{{fill:var(--good)}}
.milia .head.unknown,.milia .mark.unknown{{fill:var(--open)}}
.milia .mark.false{{fill:var(--quiet)}}
.milia .head.danger,.milia .mark.danger{{fill:var(--bad)}}
.milia .stroke{{fill:none;stroke:var(--ground);stroke-width:1.8}}
.milia .bar-a{{fill:var(--bar-a);stroke:var(--ground)}}
.milia .bar-b{{fill:var(--bar-b);stroke:var(--ground)}}
.milia text.on-a{{fill:var(--on-a)}}
.milia text.on-b{{fill:var(--on-b)}}
.milia .edge.way{{stroke:var(--bar-a);stroke-width:3}}
.milia .head.way{{fill:var(--bar-a)}}
.milia text.large{{font-size:18px}}
.milia .edge.turn{{stroke-dasharray:none;stroke-width:3}}
.milia .dot{{fill:var(--ground);stroke:var(--text);stroke-width:3}}
.milia .ground{{fill:var(--raised);stroke:var(--rule)}}
"""

CARD = f"{_THEMES}\n{_CARD}{_PICTURE}"
"""For a card, which may hold pictures."""

_SCREEN = """\
.milia .screen{container-type:inline-size}
.milia .screen header{display:flex;flex-wrap:wrap;gap:.2rem .7rem;
 align-items:baseline;margin:0 0 .2rem}
.milia .screen header .title{flex:1 1 auto;margin:0;color:inherit}
.milia .screen .draft{padding:.05rem .5rem;border-radius:3px;font-size:.87em;
 white-space:nowrap;color:var(--open);background:var(--open-tint)}
.milia .screen p{margin:.15rem 0}
.milia.milia ol.plan{display:grid;grid-template-columns:1.7em max-content 1fr;
 gap:.15rem .6rem;list-style:none;margin:.3rem 0;padding:0}
.milia ol.plan li{display:contents}
.milia ol.plan .number{font-weight:bold;text-align:right}
.milia ol.plan .named{font-weight:bold}
.milia ol.plan small{display:block;font-weight:normal;color:var(--quiet)}
.milia ol.plan .wide-why .why{grid-column:2/span 2}
.milia .screen dl{display:grid;grid-template-columns:6.4em 1fr;gap:.28rem .6rem;
 margin:.5rem 0;padding-top:.5rem;border-top:1px solid var(--rule)}
.milia .screen dt{float:none;width:auto;font-weight:bold;color:var(--quiet)}
.milia .screen dd{margin:0;padding:0}
.milia .screen dd p:first-child,.milia .screen dd ol.plan:first-child{margin-top:0}
.milia .screen~details,.milia .screen~*>details{border-top:1px solid var(--rule);
 padding:.25rem 0}
.milia.milia table.bars{table-layout:fixed;width:100%;font-size:.87rem}
.milia.milia table.bars th,.milia.milia table.bars td{border:0;background:none;
 padding:.1rem .6rem .1rem 0}
.milia.milia table.bars th{font-weight:normal}
.milia.milia table.bars thead td,.milia.milia table.bars th[scope=row]{width:9.5em}
.milia.milia table.bars thead th{font-weight:bold;vertical-align:bottom;hyphens:auto}
.milia table.bars td span{display:flex;align-items:center;gap:.4em}
.milia table.bars td i{flex:1;height:.75em;outline:1px solid var(--rule);
 background:linear-gradient(to right,var(--bar-a) var(--w),var(--raised) var(--w));
 -webkit-print-color-adjust:exact;print-color-adjust:exact}
@container (max-width:30em){
 .milia .screen dl{grid-template-columns:1fr;gap:0}
 .milia .screen dd{margin-bottom:.35rem}
 .milia.milia ol.plan{grid-template-columns:1.7em 1fr}
 .milia ol.plan .why{grid-column:2}
}
@media (max-width:30rem){
 .milia.milia table.bars thead td,.milia.milia table.bars th[scope=row]{width:6.5em}
}
"""

SHEET = f"""\
{CARD}{_SCREEN}\
.milia.milia .rows td.number{{text-align:right}}
@media (max-width:30rem){{
 .milia .rows thead{{display:none}}
 .milia .rows tr,.milia.milia .rows td{{display:block;border:0}}
 .milia.milia .rows td,.milia.milia .rows td.number{{padding:0 0 0 1rem;
  text-align:left}}
 .milia.milia .rows td:empty{{display:none}}
 .milia.milia .rows td:first-child{{padding:.4rem 0 0;font-weight:bold}}
 .milia .rows td+td::before{{content:attr(data-label) ": ";color:var(--quiet)}}
}}
"""
"""For a sheet, whose tables become lists where there is little room."""

GRID = f"""\
{SHEET}
.milia{{max-width:76rem}}
.milia .band{{margin:.5rem 0 .7rem;padding:.15rem .7rem;
 border-left:5px solid var(--link)}}
.milia.milia .side table{{table-layout:fixed;width:100%;line-height:1.36}}
.milia .side caption{{position:absolute;width:1px;height:1px;overflow:hidden;
 clip-path:inset(50%)}}
.milia.milia .side thead td{{width:11.5%;border-top-color:transparent;
 border-left-color:transparent}}
.milia .side small{{display:block;font-size:.9em;font-weight:normal;
 color:var(--quiet)}}
.milia .choices span{{white-space:nowrap;margin-right:.9em}}
.milia .choices .room::after{{content:"";display:inline-block;width:14rem;
 max-width:60%;border-bottom:1px solid var(--text)}}
@media screen and (max-width:47rem){{
 .milia .side thead{{position:absolute;height:1px;overflow:hidden;
  clip-path:inset(50%)}}
 .milia.milia .side table,.milia .side tbody,.milia .side tr,
 .milia.milia .side tbody th,.milia.milia .side tbody td{{display:block;width:auto}}
 .milia.milia .side tbody td{{border-top:0}}
 .milia .side tbody td::before{{content:attr(data-label) ": ";font-weight:bold}}
 .milia .choices span{{display:block;white-space:normal}}
}}
@media print{{.milia{{line-height:1.26}}
 .milia .digest{{font-size:10pt;margin-top:.5rem;padding-top:.3rem}}
 .milia.milia table{{font-size:10.5pt}}
 .milia .side small{{font-size:10pt}}
 .milia .banner{{margin-bottom:.3rem}}
 .milia .band{{margin:.3rem 0 .4rem}}
 .milia .title{{margin:0 0 .3rem}}
 .milia.milia .side th{{print-color-adjust:exact}}}}
"""
"""For an option grid."""

PICTURE = f"{_THEMES}\n{_PICTURE}"
"""For a picture that stands alone."""

OUTLINE = f"""\
{_THEMES}
svg.milia.figure{{background:none;border:0;padding:0;max-width:none;display:block}}
.milia .outline{{fill:none;stroke:var(--quiet);stroke-width:2;stroke-linecap:round;
 stroke-linejoin:round}}
.milia .ring{{fill:none;stroke:var(--bad);stroke-width:4}}
"""
"""For an outline on which a place is marked."""

PAPER = """\
@page{margin:16mm 15mm}
body{margin:0;padding:1rem;background:#fff}
@media (prefers-color-scheme:dark){body{background:#15191e}}
@media (max-width:30rem){body{padding:.3rem}}
@media print{body{padding:0;background:#fff}}
.milia{margin:0 auto}
"""
"""For the page around a card."""

HANDOUT = f"""\
{SHEET}
.handout{{max-width:46rem;font-size:16px;padding:1.2rem 1.6rem}}
.handout .title{{font-size:1.7rem;margin:.3rem 0}}
.handout .part{{font-size:1.2rem;margin:1rem 0 .2rem}}
.handout .alert{{display:flow-root}}
.handout .beside{{float:right;margin:0 0 .3rem 1rem}}
.handout .beside svg{{height:6.5rem;width:auto}}
.handout .rooms{{display:flex;flex-wrap:wrap;gap:.3rem 1rem;margin:.4rem 0}}
.handout .blank{{display:flex;flex:1 1 9rem;white-space:pre}}
.handout .room{{flex:1;border-bottom:1px solid var(--text)}}
.handout.milia table{{width:100%}}
.handout.milia table td:first-child{{white-space:nowrap;font-weight:bold}}
.handout .digest{{margin-top:.8rem}}
@media (max-width:30rem){{.handout{{padding:.8rem}}
 .handout.milia table td:first-child{{white-space:normal}}}}
@media print{{.handout{{font-size:11pt;line-height:1.35;max-width:none;padding:0}}
 .handout:has(table){{font-size:10pt}}
 .handout section{{break-inside:avoid}}
 .handout .title{{font-size:17pt}}
 .handout .part{{font-size:12.5pt;margin:.7rem 0 .1rem}}
 .handout.milia table{{font-size:10pt}}
 .handout.milia table td,.handout.milia table th{{padding:.1rem .4rem}}}}
"""
"""For a page that is printed to be handed out or signed."""

QUESTIONS = f"""\
{CARD}
.form{{font-size:16px}}
.form fieldset{{border:0;border-left:3px solid var(--rule);margin:.9rem 0;
 padding:.1rem 0 .1rem .8rem;min-width:0}}
.form legend{{padding:0;font-weight:bold}}
.form details fieldset.lone legend{{position:absolute;width:1px;height:1px;
 overflow:hidden;clip-path:inset(50%)}}
.form fieldset.bad{{color:inherit;border-color:var(--bad)}}
.form p.wrong{{color:var(--bad);font-weight:bold}}
.form .answers{{display:flex;flex-wrap:wrap;gap:.1rem 1.2rem}}
.form .answers label{{display:flex;flex-wrap:wrap;align-items:center;gap:.4rem;
 min-height:2.2rem;max-width:100%}}
.form .answers label:has([type=radio],[type=checkbox]){{flex-wrap:nowrap}}
.form .several label{{flex:1 1 16rem}}
.form .weight{{display:flex;flex-wrap:wrap;gap:.2rem .6rem;align-items:center;
 margin:.4rem 0}}
.form .weight label{{flex:1 1 18rem}}
.form input,.form button{{font:inherit;color:inherit;
 background:var(--ground)}}
.form input[type=text]{{max-width:100%;min-height:2.2rem;
 padding:.1rem .4rem;border:1px solid var(--rule);border-radius:4px}}
.form input[type=text]{{width:8rem}}
.form [aria-invalid=true]{{border-color:var(--bad)}}
.form input[type=radio],.form input[type=checkbox]{{width:1.4rem;height:1.4rem;
 margin:0;flex:none}}
.form button{{min-height:2.6rem;margin:.3rem .6rem .3rem 0;padding:.3rem 1rem;
 border:1px solid var(--rule);border-radius:5px;background:var(--raised);
 cursor:pointer}}
.form details{{border-top:1px solid var(--rule);padding:.35rem 0}}
.form summary{{min-height:2rem}}
.form dt{{font-weight:bold;margin-top:.5rem}}
.form dd{{margin:0}}
@media print{{.form{{font-size:10.5pt}}
 .form fieldset:not(:has(.several)){{break-inside:avoid}}
 .form .answers label{{min-height:1.5rem}}
 .form input[type=radio],.form input[type=checkbox]{{width:1rem;height:1rem}}
 .form .deed{{display:none}}}}
"""
"""For a card with questions."""

FORM = f"{PAPER}\n{QUESTIONS}"
"""For a page with questions, and for the whole of it."""

LANDSCAPE = f"""\
{PAPER}
@page{{size:A4 landscape;margin:8mm 10mm}}
@media print{{.milia{{max-width:none}}}}
"""
"""For the page around an option grid."""

REPORT = f"""\
{PAPER}
.milia{{max-width:68rem}}
"""
"""For the page around a report."""

_PACK = f"""\
{PAPER}
body>.milia{{max-width:80rem}}
.milia.milia table.ballot{{width:calc(100% - 2px);font-size:.85rem;line-height:1.25}}
.milia.milia .ballot th,.milia.milia .ballot td{{padding:.2rem .35rem}}
.milia.milia .ballot tbody th{{font-weight:600}}
.milia .ballot em{{font-style:italic}}
.milia .ballot .boxes{{width:5rem;white-space:nowrap;font-size:.8rem}}
.milia .ballot .room{{min-width:9rem}}
.milia.milia .framed{{outline:2px solid #96181c;outline-offset:-2px}}
.milia.milia table.letters{{table-layout:fixed;min-width:60rem}}
.milia.milia .letters td,.milia.milia .letters .upright{{text-align:center}}
.milia.milia .letters td{{padding:.1rem 0;font-weight:700}}
.milia.milia .letters tbody th{{font-weight:400;padding:.1rem .35rem}}
.milia.milia .letters thead th:first-child{{width:19rem;vertical-align:bottom}}
.milia .letters thead th.boxes{{width:8.5rem;vertical-align:bottom}}
.milia .letters .upright span{{writing-mode:vertical-rl;transform:rotate(180deg);
 max-height:7.5rem;line-height:1.05;margin:auto;display:block}}
.milia.milia .letters .upright{{vertical-align:bottom;padding:.3rem 0;font-size:.8rem}}
.milia.milia .letter-F{{background:#1b6e46;color:#fff}}
.milia.milia .letter-R{{background:#9fd3b4;color:#0b2a19}}
.milia.milia .letter-L{{background:#fbe3b0;color:#4a3200}}
.milia.milia .letters td.letter-n{{color:var(--quiet);font-weight:400}}
.milia .enclosed .milia{{border:1px solid var(--rule)}}
@media print{{
 body>.milia.milia{{font-size:9pt;line-height:1.25}}
 .milia .title{{font-size:15pt}} .milia .part{{font-size:12pt;margin:0 0 1mm}}
 body>.milia>section:not(:last-of-type){{break-before:page}}
 body>.milia>section:last-of-type{{break-inside:avoid}}
 .milia.milia table.ballot{{font-size:8.2pt;line-height:1.15}}
 .milia.milia .ballot th,.milia.milia .ballot td{{padding:.4mm 1.1mm}}
 .milia .ballot .boxes{{width:14mm;font-size:7.5pt}}
 .milia thead{{display:table-header-group}}
 .milia td{{print-color-adjust:exact}}
 .milia.milia table.letters{{min-width:0;font-size:8pt;line-height:1.1}}
 .milia.milia .letters td,.milia.milia .letters tbody th{{padding:.35mm .5mm}}
 .milia.milia .letters .upright{{font-size:7.6pt}}
 .milia .letters .upright span{{max-height:29mm}}
 .milia.milia .letters thead th:first-child{{width:72mm}}
 .milia .letters .boxes,.milia .letters thead th.boxes{{width:27mm}}
 .milia .enclosed:not(:last-child){{break-after:page}}
 .milia .wide{{overflow:visible}}
 .milia .enclosed .milia{{columns:2;column-gap:8mm;font-size:8.5pt;line-height:1.2;
  border:0;padding:0}}
 .milia .enclosed li,.milia .enclosed p{{margin:.4mm 0}}
 .milia .enclosed .digest{{margin-top:1mm;padding-top:.5mm;font-size:7.5pt}}
 .milia .enclosed .title{{font-size:14pt;column-span:all;margin:0}}
 .milia .enclosed .part{{font-size:10pt;margin:1.2mm 0 .3mm}}
 .milia .digest{{font-size:7.5pt;margin-top:2mm}}
}}
"""


def pack_paper(line: str) -> str:
    """The style of the page around a review pack.

    Parameters
    ----------
    line
        What stands at the foot of every page.
    """
    shown = "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in line)
    number = 'counter(page) " of " counter(pages)'
    foot = (
        f'@bottom-left{{content:"{shown}";font:7.5pt {FONT}}}'
        f"@bottom-right{{content:{number};font:7.5pt {FONT}}}"
    )
    return f"{_PACK}@page{{size:A4 landscape;margin:9mm 10mm 11mm;{foot}}}"
