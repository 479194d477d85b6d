/** The style sheet of the pages behind links: whatever is pressed is 48 px high, more than the 44 px of WCAG's 2.5.5. */
import { palette } from './palette.ts';

export const pageStyle = `${palette}
body { margin: 0; background: var(--ground); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; }
main, footer { max-width: 34rem; margin: 0 auto; padding: 1rem min(1rem, 4vw); }
footer { color: var(--soft); font-size: .875rem; padding-top: 0; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .25rem 0 .5rem; }
h2 { font-size: 1.125rem; margin: 1.75rem 0 .5rem; }
p { margin: .5rem 0; }
.alarm { color: var(--alarm); }
.place { font-size: 1.25rem; font-weight: 600; margin: 0; }
.look { font-weight: 600; }
.notice { background: var(--card); border: 1px solid var(--line); border-left: .375rem solid var(--act); border-radius: .375rem; padding: .75rem 1rem; margin: 1rem 0; }
.notice.bad { border-left-color: var(--alarm); }
.notice.good { border-left-color: var(--good); }
.notice p { margin: 0; }
.notice p + p { margin-top: .5rem; }
form { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem min(1rem, 4vw); margin: 1rem 0; }
label { display: block; font-weight: 600; margin: 0 0 .25rem; }
select, input, button { font: inherit; width: 100%; min-height: 48px; border-radius: .375rem; border: 1px solid var(--edge); padding: .5rem .75rem; }
select, input { background: var(--ground); color: var(--ink); margin: 0 0 1rem; }
fieldset { border: 0; padding: 0; margin: 0 0 1rem; min-width: 0; overflow-wrap: anywhere; }
legend { font-weight: 600; padding: 0; }
label.choice { display: flex; align-items: center; font-weight: 400; margin: 0; }
input[type="radio"] { appearance: none; width: 48px; height: 48px; flex: none; border: 0; margin: 0 .25rem 0 0; background: radial-gradient(circle, transparent 9px, var(--edge) 10px 12px, transparent 13px); }
input[type="radio"]:checked { background: radial-gradient(circle, var(--act) 6px, transparent 7px 9px, var(--edge) 10px 12px, transparent 13px); }
@media (forced-colors: active) { input[type="radio"] { appearance: auto; } }
form.bare { background: none; border: 0; padding: 0; }
.who { font-size: 1.125rem; font-weight: 600; margin: 0 0 1rem; }
summary { min-height: 48px; padding: .75rem 0; font-weight: 600; color: var(--act); cursor: pointer; }
details form { margin-top: 0; }
input[name="pin"] { font-size: 1.375rem; letter-spacing: .35em; }
button { background: var(--card); color: var(--ink); font-weight: 600; margin: 0 0 .75rem; cursor: pointer; }
button:last-child { margin-bottom: 0; }
button.main { background: var(--act); color: var(--on-act); border-color: var(--act); min-height: 56px; }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .375rem .25rem .375rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 600; font-size: .875rem; overflow-wrap: anywhere; }
td time { margin: 0; }
@media (max-width: 15rem) { td { font-size: .875rem; } }
ol { list-style: none; padding: 0; margin: 0; }
li { padding: .375rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
time { color: var(--soft); margin-right: .5rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
svg { display: block; width: 100%; height: auto; margin: .5rem 0; }
.bar { stroke: var(--act); stroke-width: 5; stroke-linecap: round; }
.bar.alarming { stroke: var(--alarm); }
.axis { stroke: var(--line); }
svg text { fill: var(--soft); font-size: 11px; }
`;
