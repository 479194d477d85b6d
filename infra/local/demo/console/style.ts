/** The console's one style sheet: what is pressed is 44 px high. */
import { palette } from '../../../../handlers/web/palette.ts';

export const consoleStyle = `${palette}
:root {
  --good-fill: light-dark(#e0f2e7, #163526); --act-fill: light-dark(#dcebf9, #12344f); --alarm-fill: light-dark(#fbe3e4, #47191d);
  --warn-fill: light-dark(#fdf0d2, #3d3013); --warn: light-dark(#6b4700, #f2cf7a);
}
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
header { background: var(--card); border-bottom: 1px solid var(--line); }
header > div, main { max-width: 66rem; margin: 0 auto; padding: .75rem 1rem; }
nav { display: flex; gap: .25rem; flex-wrap: wrap; align-items: center; }
nav b { margin-right: .25rem; }
nav a { padding: .6rem .5rem; min-height: 44px; border-radius: .375rem; text-decoration: none; }
nav a[aria-current] { background: var(--act-fill); font-weight: 600; }
a { color: var(--act); }
h1 { font-size: 1.375rem; line-height: 1.3; margin: .5rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.0625rem; margin: 1.75rem 0 .5rem; }
p { margin: .5rem 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; margin: .75rem 0; }
.clock { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: baseline; }
.clock b { font-size: 1.375rem; font-variant-numeric: tabular-nums; }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .5rem; }
.buttons fieldset { display: flex; min-width: 0; border: 0; padding: 0; margin: 0; }
.buttons fieldset button { border-radius: 0; margin-left: -1px; padding: .4rem .55rem; }
button { font: inherit; font-weight: 600; min-height: 44px; padding: .4rem .7rem; border-radius: .375rem; border: 1px solid var(--edge); background: var(--card); color: var(--ink); cursor: pointer; }
button[aria-pressed=true] { background: var(--act); color: var(--on-act); border-color: var(--act); }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
ul.list { list-style: none; margin: .75rem 0; padding: 0; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
ul.list li { border-top: 1px solid var(--line); } ul.list li:first-child { border-top: 0; }
ul.list a { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .65rem 1rem; text-decoration: none; color: inherit; overflow-wrap: anywhere; }
ul.list a > :nth-child(3) { grid-column: 1 / -1; }
ul.list a:hover { background: var(--act-fill); }
ul.list .tag { align-self: start; } ul.list strong { color: var(--act); }
time { font-variant-numeric: tabular-nums; white-space: nowrap; color: var(--soft); }
.tag { display: inline-block; border-radius: 1rem; padding: 0 .6rem; font-size: .875rem; font-weight: 600; border: 1px solid; white-space: nowrap; }
.ok { color: var(--good); } .current { color: var(--act); } .bad { color: var(--alarm); } .caught { color: var(--warn); } .went-on, .stopped { color: var(--soft); }
.mail { max-width: 30rem; margin: .75rem 0; border-radius: 1rem; padding: 1rem 1.25rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.mail a { display: inline-block; padding: .35rem 0; font-weight: 600; }
.pin { border-left: .375rem solid var(--act); max-width: 30rem; }
.pin b { font-size: 1.5rem; letter-spacing: .2em; font-variant-numeric: tabular-nums; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--ground); border: 1px solid var(--line); border-radius: .375rem; padding: .5rem .75rem; margin: .25rem 0; font-size: .8125rem; }
summary { min-height: 44px; padding: .55rem 0; cursor: pointer; }
ol { list-style: none; margin: 0; padding: 0; }
.line { padding: .6rem 0; border-top: 1px solid var(--line); } li.line:first-child { border-top: 0; } .line.head { display: none; }
.line:target { background: var(--act-fill); margin-inline: -.75rem; padding-inline: .75rem; box-shadow: inset .375rem 0 var(--act); }
.line .cell { display: grid; grid-template-columns: 5.5rem 1fr; overflow-wrap: anywhere; } .line .name, .line.head { color: var(--soft); font-size: .875rem; }
.line time { color: inherit; } .line summary { min-height: 0; padding: 0; font-size: .875rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; } .cell > :last-child { min-width: 0; } .line p { margin: 0; } .resource { display: block; font-size: .875rem; }
.filters { display: flex; flex-wrap: wrap; gap: .25rem; } .filters a { padding: .6rem .75rem; min-height: 44px; border-radius: .375rem; }
.filters a[aria-current] { background: var(--act-fill); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: auto; margin: 0 auto; } svg.narrow { max-width: 26rem; } svg.broad { display: none; max-width: 46rem; }
.edge { fill: none; stroke: var(--line); stroke-width: 1.5; } .edge.catching { stroke-dasharray: 4 4; } .edge.taken { stroke: var(--good); stroke-width: 2.5; }
.node rect { fill: var(--card); stroke: var(--edge); } .node text { fill: var(--soft); font-size: 13px; text-anchor: middle; }
.node.ok rect { fill: var(--good-fill); stroke: var(--good); stroke-width: 1.5; } .node.ok text { fill: var(--good); }
.node.current rect { fill: var(--act-fill); stroke: var(--act); stroke-width: 3; } .node.current text { fill: var(--act); font-weight: 700; }
.node.bad rect { fill: var(--alarm-fill); stroke: var(--alarm); stroke-width: 2; } .node.bad text { fill: var(--alarm); }
.node.caught rect { fill: var(--warn-fill); stroke: var(--warn); stroke-width: 1.5; } .node.caught text { fill: var(--warn); }
.node.went-on rect { fill: var(--ground); stroke: var(--good); stroke-width: 1.5; } .node.went-on text { fill: var(--ink); }
.node.stopped rect { fill: var(--ground); stroke: var(--soft); stroke-width: 2; stroke-dasharray: 3 3; }
.node.last rect { stroke-width: 3; } a:hover .node rect { stroke: var(--act); }
.mark rect { fill: var(--soft); } .mark text { fill: var(--card); font-size: 13px; font-weight: 600; text-anchor: middle; }
path.head { fill: var(--line); } path.head.taken { fill: var(--good); }
.key { display: flex; flex-wrap: wrap; gap: .5rem; margin: .5rem 0; }
@media (min-width: 48rem) {
  svg.narrow { display: none; } svg.broad { display: block; }
  .line, .line.head { display: grid; gap: 0 .75rem; align-items: baseline; }
  .steps .line { grid-template-columns: 7rem minmax(0, 15rem) minmax(0, 9rem) 5.5rem minmax(0, 1fr) minmax(0, 1fr); }
  .events .line { grid-template-columns: 3rem 10rem minmax(0, 16rem) minmax(0, 1fr); }
  .line .cell { display: block; } .line .name { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; white-space: nowrap; }
}
@media (max-width: 47.99rem) {
  .controls { padding: .5rem .75rem; } .buttons { display: grid; grid-template-columns: 1fr 1fr; gap: .25rem; }
  .buttons > button { padding: .25rem; font-size: .875rem; line-height: 1.25; } .buttons fieldset { grid-column: 1 / -1; } .buttons fieldset button { flex: 1; }
  .clock { gap: 0 .75rem; }
}
`;
