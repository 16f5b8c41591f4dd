"""Simple pictures of the goods and the shop's mark, drawn as SVG.

Never here: anything but shapes.
"""
# ruff: noqa: E501 - prose and shapes

from __future__ import annotations

__all__ = ["MARK", "drawing"]

FERN = (
    '<g fill="none" stroke="{ink}" stroke-width="7" stroke-linecap="round"><path d="M200 250V160"/>'
    '<path d="M200 232q-26-4-34-26M200 232q26-4 34-26M200 206q-22-4-29-24M200 206q22-4 29-24'
    'M200 182q-16-4-21-18M200 182q16-4 21-18"/></g>'
)
SHAPES: dict[str, str] = {
    "mug": '<path d="M270 170h34a36 36 0 0 1 0 92h-34" fill="none" stroke="{main}" stroke-width="20"/>'
    '<path d="M122 128h156v148a34 34 0 0 1-34 34h-88a34 34 0 0 1-34-34z" fill="{main}"/>' + FERN,
    "teapot": '<path d="M150 120q50-70 100 0" fill="none" stroke="{wood}" stroke-width="14"/>'
    '<path d="M286 190q48 0 66-54l16 6q-14 84-86 98z" fill="{main}"/><ellipse cx="200" cy="222" rx="108" ry="88" '
    'fill="{main}"/><path d="M150 142h100l-10-18h-80z" fill="{dark}"/><circle cx="200" cy="114" r="12" fill="{dark}"/>',
    "tin": '<rect x="124" y="128" width="152" height="190" rx="14" fill="{main}"/><rect x="116" y="100" width="168" '
    'height="44" rx="12" fill="{dark}"/><rect x="146" y="176" width="108" height="104" rx="10" fill="{pale}"/>'
    '<g transform="translate(60 88) scale(.7)">' + FERN.replace("{ink}", "{main}") + "</g>",
    "cup": '<path d="M70 190h120l-16 96a18 18 0 0 1-18 15h-52a18 18 0 0 1-18-15z" fill="{main}"/>'
    '<path d="M210 190h120l-16 96a18 18 0 0 1-18 15h-52a18 18 0 0 1-18-15z" fill="{dark}"/>',
    "bowl": '<path d="M86 176h228q0 104-72 118v14h-84v-14q-72-14-72-118z" fill="#9db9cc"/>'
    '<ellipse cx="200" cy="176" rx="114" ry="22" fill="#6f8f5c"/>',
    "tray": '<rect x="54" y="200" width="292" height="70" rx="26" fill="{dark}"/><rect x="72" y="196" width="256" '
    'height="46" rx="20" fill="{main}"/><ellipse cx="150" cy="206" rx="34" ry="12" fill="{pale}"/>',
    "kettle": '<path d="M128 150q72-96 144 0" fill="none" stroke="#55606b" stroke-width="14"/><path d="M282 232q34-14 '
    '40-84h22q0 106-62 124z" fill="#8c99a5"/><path d="M112 304q-14-130 88-150 102 20 88 150z" fill="#a9b4be"/>'
    '<circle cx="200" cy="148" r="13" fill="#55606b"/>',
    "infuser": '<path d="M140 150h120l-14 140a20 20 0 0 1-20 18h-52a20 20 0 0 1-20-18z" fill="#b9c3cb"/>'
    '<g stroke="#7d8a95" stroke-width="4"><path d="M160 170v120M180 170v130M200 170v132M220 170v130M240 170v120"/>'
    '<path d="M146 190h108M148 220h104M152 250h96M156 280h88"/></g><rect x="104" y="136" width="192" height="20" rx="10" '
    'fill="#7d8a95"/>',
    "whisk": '<rect x="176" y="84" width="48" height="100" rx="14" fill="{wood}"/><g stroke="#c9a468" stroke-width="6" '
    'fill="none"><path d="M180 184q-44 70-14 130M190 184q-20 70-8 134M200 184v136M210 184q20 70 8 134'
    'M220 184q44 70 14 130"/></g><rect x="172" y="172" width="56" height="12" fill="#3b3a36"/>',
    "card": '<rect x="76" y="126" width="248" height="156" rx="18" fill="{main}"/><path d="M76 182h248" stroke="{pale}" '
    'stroke-width="12"/><path d="M200 182q-40-54-62-24 0 22 62 24 40-54 62-24 0 22-62 24z" fill="#d98e5f"/>',
    "box": '<rect x="82" y="170" width="236" height="136" rx="12" fill="{wood}"/><g fill="{main}"><circle cx="122" '
    'cy="206" r="24"/><circle cx="174" cy="206" r="24"/><circle cx="226" cy="206" r="24"/><circle cx="278" cy="206" '
    'r="24"/></g><g fill="{dark}"><circle cx="148" cy="262" r="24"/><circle cx="200" cy="262" r="24"/><circle cx="252" '
    'cy="262" r="24"/></g>',
}
COLOURS = {"main": "#2f6b4f", "dark": "#1f4a37", "pale": "#f3eee2", "wood": "#b5793f", "ink": "#dbe9d4"}
TINTS = ("#f1e7d8", "#e4eee3", "#f4e1d4", "#e6ebf0")

MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" role="img" aria-label="Fernleaf &amp; Kiln">'
    '<rect width="512" height="512" rx="112" fill="#2f6b4f"/><g fill="none" stroke="#f3eee2" stroke-width="30" '
    'stroke-linecap="round"><path d="M256 420V150"/><path d="M256 372q-92-10-116-98M256 372q92-10 116-98'
    'M256 292q-72-8-92-78M256 292q72-8 92-78M256 214q-50-6-64-56M256 214q50-6 64-56"/></g>'
    '<circle cx="256" cy="110" r="22" fill="#e8a06a"/></svg>'
)


def drawing(name: str, number: int) -> str:
    """The picture `name` on one of four tints."""
    shape = SHAPES[name]
    for colour, value in COLOURS.items():
        shape = shape.replace(f"{{{colour}}}", value)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400"><rect width="400" height="400" '
        f'fill="{TINTS[number % len(TINTS)]}"/><ellipse cx="200" cy="322" rx="130" ry="16" fill="#000" opacity=".08"/>'
        f"{shape}</svg>"
    )
