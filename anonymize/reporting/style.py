"""How pages look: on a screen in the light and in the dark, on a phone and on paper."""

from types import MappingProxyType

LIGHT = MappingProxyType(
    {
        "page": "#ffffff",
        "card": "#f5f7fa",
        "line": "#d5dbe3",
        "ink": "#1a2230",
        "soft": "#4d5868",
        "link": "#0b5cad",
        "before": "#7a8595",
        "after": "#0b5cad",
        "good": "#17663a",
        "bad": "#a61b1b",
        "warn": "#7a4b00",
        "mark": "#fff1d6",
    }
)
DARK = MappingProxyType(
    {
        "page": "#12161c",
        "card": "#1b2129",
        "line": "#394452",
        "ink": "#e8ecf2",
        "soft": "#aeb9c7",
        "link": "#7db7ff",
        "before": "#8994a4",
        "after": "#5aa2f5",
        "good": "#6fd39b",
        "bad": "#ff9a94",
        "warn": "#ffc971",
        "mark": "#3a2f16",
    }
)

_RULES = """
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","PingFang SC","Microsoft YaHei",sans-serif}
header,main,footer{max-width:70rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.5rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.25rem;margin:2.5rem 0 .5rem;padding-top:.5rem;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:0 0 .25rem;overflow-wrap:anywhere}
p{margin:.4rem 0;max-width:46rem}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:.5rem;background:var(--page);padding:.5rem;z-index:1}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;margin:.75rem 0}
code{font:.875em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
table code{overflow-wrap:break-word}
.soft{color:var(--soft)}
.good{color:var(--good);font-weight:600}
.bad{color:var(--bad);font-weight:600}
.warn{color:var(--warn)}
.status{font-size:1.1rem;margin:.5rem 0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.75rem;margin:1rem 0;padding:0}
.tile{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.75rem;margin:0}
.tile dt{color:var(--soft);font-size:.875rem}
.tile dd{margin:0;font-size:1.35rem;font-variant-numeric:tabular-nums}
.tile dd.more{font-size:.875rem;color:var(--soft)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:.5rem 0;font-size:.9375rem}
caption{text-align:left;color:var(--soft);font-size:.875rem;padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line)}
thead th{font-weight:600;color:var(--soft);font-size:.875rem;vertical-align:bottom}
tbody th{font-weight:500;overflow-wrap:break-word;min-width:6rem;max-width:22rem}
td{max-width:26rem;overflow-wrap:break-word}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.bar{width:45%;min-width:7rem;vertical-align:middle}
.bar svg,.plot svg{display:block;width:100%}
.bar svg{height:1.5rem}
.small{background:var(--mark)}
.b{fill:var(--before)}
.a{fill:var(--after)}
.h{fill:transparent}
.axis{stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;color:var(--soft);font-size:.875rem;margin:.5rem 0}
.legend span{display:inline-flex;align-items:center;gap:.4rem}
.legend svg{width:.9rem;height:.9rem}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(20rem,100%),1fr));gap:1rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.9rem;min-width:0}
section>.card{margin:0 0 1rem}
.card p{font-size:.875rem;margin:.2rem 0}
.plot{margin:.6rem 0 0}
.plot svg{height:7rem}
.ends{display:flex;justify-content:space-between;gap:1rem;color:var(--soft);font-size:.8125rem}
figure{margin:0}
figcaption{color:var(--soft);font-size:.8125rem}
details{margin:.4rem 0}
summary{cursor:pointer;color:var(--link);font-size:.875rem}
del{text-decoration:none;color:var(--soft)}
ins{text-decoration:none;background:var(--mark);font-weight:600}
footer{margin-top:2rem;padding-bottom:2rem;color:var(--soft);font-size:.875rem}
@media (max-width:40rem){body{font-size:15px}h1{font-size:1.4rem}table{font-size:.875rem}.bar{min-width:4.5rem}
th,td{padding-right:.4rem}th+td.n:last-child,td:last-child{padding-right:0}
tbody th{min-width:4.5rem}thead .n{white-space:normal}
td code{overflow-wrap:anywhere}td:has(code){min-width:6.5rem}.bar svg{height:1.1rem}}
@media print{body{font-size:10.5pt}nav,.skip{display:none}a{color:inherit}
.card,.tile,tr,figure{break-inside:avoid}h2,h3{break-after:avoid}header,main,footer{max-width:none;padding:0}
.a,.b,.small,ins{-webkit-print-color-adjust:exact;print-color-adjust:exact}
details::details-content{content-visibility:visible;block-size:auto}}
"""


def _tokens(colors: object) -> str:
    return "".join(f"--{name}:{color};" for name, color in dict(colors).items())  # type: ignore[call-overload]


STYLE = (
    f":root{{{_tokens(LIGHT)}}}"
    f"@media screen and (prefers-color-scheme:dark){{:root{{{_tokens(DARK)}}}}}"
    + "".join(line for line in _RULES.splitlines())
)
