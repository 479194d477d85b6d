/** The report's style sheet: wide tables scroll on a phone and wrap on paper. */
import { palette } from '../web/palette.ts';

export const reportStyle = `${palette}
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .25rem 0 1rem; }
h2 { font-size: 1.125rem; margin: 0 0 .5rem; }
p { margin: .25rem 0; }
.good { color: var(--good); } .bad { color: var(--alarm); }
section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 1rem 0; }
ol { margin: 0; padding-left: 1.25rem; } li { margin: .25rem 0; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); gap: .75rem 1rem; margin: 0; }
dt { color: var(--soft); font-size: .875rem; line-height: 1.3; }
dd { margin: 0; font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .375rem 1rem .375rem 0; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
th { color: var(--soft); font-weight: 600; font-size: .875rem; }
td:last-child { padding-right: 0; }
.words { white-space: normal; min-width: 13rem; } .number { text-align: right; }
@media print {
  :root { color-scheme: light; font-size: 10px; }
  body { background: none; } main { max-width: none; padding: 0; }
  section { border: 0; border-radius: 0; padding: 0; } h2 { break-after: avoid; } tr { break-inside: avoid; }
  .wide { overflow: visible; } th, td { white-space: normal; padding-right: .5rem; }
}
`;
