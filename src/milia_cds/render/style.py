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
.milia.milia .side table{{min-width:38rem;table-layout:fixed;width:100%}}
.milia.milia .side th:first-child,.milia.milia .side thead td{{width:9.5rem}}
.milia.milia .side th:first-child{{position:sticky;left:0}}
.milia.milia .side td p{{margin:0 0 .3rem}}
.milia.milia .side thead td{{border:0;background:none}}
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
.milia .edge.turn{{stroke-dasharray:none;stroke-width:3}}
.milia .dot{{fill:var(--ground);stroke:var(--text);stroke-width:3}}
.milia .ground{{fill:var(--raised);stroke:var(--rule)}}
"""

CARD = f"{_THEMES}\n{_CARD}{_PICTURE}"
"""For a card, which may hold pictures."""

SHEET = f"""\
{CARD}
.milia.milia .rows td.number{{text-align:right}}
@media (max-width:30rem){{
 .milia .rows thead{{display:none}}
 .milia .rows tr,.milia.milia .rows td{{display:block;border:0}}
 .milia.milia .rows td,.milia.milia .rows td.number{{padding:0 0 0 1rem;
  text-align:left}}
 .milia.milia .rows td:first-child{{padding:.4rem 0 0;font-weight:bold}}
 .milia .rows td+td::before{{content:attr(data-label) ": ";color:var(--quiet)}}
}}
"""
"""For a sheet, whose tables become lists where there is little room."""

PICTURE = f"{_THEMES}\n{_PICTURE}"
"""For a picture that stands alone."""

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
.handout .rooms{{display:flex;flex-wrap:wrap;gap:.3rem 1rem;margin:.4rem 0}}
.handout .blank{{display:flex;flex:1 1 9rem;white-space:pre}}
.handout .room{{flex:1;border-bottom:1px solid var(--text)}}
.handout.milia table{{width:100%}}
.handout.milia table td:first-child{{white-space:nowrap;font-weight:bold}}
.handout .digest{{margin-top:.8rem}}
@media (max-width:30rem){{.handout{{padding:.8rem}}
 .handout.milia table td:first-child{{white-space:normal}}}}
@media print{{.handout{{font-size:11pt;line-height:1.35;max-width:none;padding:0}}
 .handout section{{break-inside:avoid}}
 .handout .title{{font-size:17pt}}
 .handout .part{{font-size:12.5pt;margin:.7rem 0 .1rem}}
 .handout.milia table{{font-size:10pt}}
 .handout.milia table td,.handout.milia table th{{padding:.1rem .4rem}}}}
"""
"""For a page that is printed to be handed out or signed."""

SIDE = f"""\
{PAPER}
.milia{{max-width:64rem}}
@page{{size:A4 landscape;margin:12mm}}
@media print{{.milia{{max-width:none;font-size:9.5pt}}
 .milia details{{break-before:page}}
 .milia.milia .side table{{min-width:0}}}}
"""
"""For the page around an option grid."""

REPORT = f"""\
{PAPER}
.milia{{max-width:68rem}}
"""
"""For the page around a report."""
