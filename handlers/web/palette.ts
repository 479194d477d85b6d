/**
 * The colours of every page, light and dark. Text and its ground differ by 7:1 or more (WCAG 2.2 AAA; AA asks for 4.5), the
 * borders of controls by 3:1 (1.4.11).
 */
export const palette = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f4f6f8, #11161b); --card: light-dark(#ffffff, #1a2128); --ink: light-dark(#14202b, #eef2f5);
  --soft: light-dark(#3d4c5a, #b4c0cb); --line: light-dark(#c9d2da, #35414c); --edge: light-dark(#63717e, #8694a1);
  --act: light-dark(#0b4f8a, #9fd0ff); --on-act: light-dark(#ffffff, #06233d);
  --alarm: light-dark(#8f1220, #ffb3b3); --good: light-dark(#0e5a33, #8fe0b3);
}
* { box-sizing: border-box; }
.soft { color: var(--soft); }
`;
