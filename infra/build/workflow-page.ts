/**
 * workflows/README.md, as far as the definitions say it: a picture of each workflow, and of each of its states what it is for.
 * What goes in and what comes out stands there by hand, and stays.
 */

/** As much of a definition as the page shows. */
export type ShownWorkflow = { StartAt: string; States: Record<string, ShownState> };
type ShownState = {
  Type: string;
  Comment?: string;
  Resource?: string;
  Arguments?: { FunctionName?: string };
  Next?: string;
  Default?: string;
  Choices?: { Next: string }[];
  Catch?: { Next: string }[];
  ItemProcessor?: ShownWorkflow;
};

const INDENT = '  ';

const idOf = (name: string) => name.replace(/\W/g, '');

/** A Choice is a rhombus, an end is round, and what waits for a person or the clock has round sides. */
function nodeOf(name: string, { Type, Resource }: ShownState): string {
  const waits = Type === 'Wait' || Resource?.endsWith('.waitForTaskToken');
  const [open, close] =
    Type === 'Choice' ? ['{', '}'] : Type === 'Succeed' ? ['((', '))'] : waits ? ['([', '])'] : ['[', ']'];
  return `${idOf(name)}${open}"${name}"${close}`;
}

function arrowsOf(name: string, { Next, Default, Choices = [], Catch = [] }: ShownState): string[] {
  const next = [Next, ...Choices.map((rule) => rule.Next), Default].filter((target) => target !== undefined);
  const caught = Catch.map((catcher) => catcher.Next).filter((target) => !next.includes(target));
  return [
    ...[...new Set(next)].map((target) => `${idOf(name)} --> ${idOf(target)}`),
    ...[...new Set(caught)].map((target) => `${idOf(name)} -.-> ${idOf(target)}`),
  ];
}

/** The states of a Map stand in a box that bears its name. */
function pictureOf({ States }: ShownWorkflow): string[] {
  const states = Object.entries(States);
  return [
    ...states.flatMap(([name, state]) =>
      state.ItemProcessor
        ? [
            `subgraph ${idOf(name)}["${name}"]`,
            ...pictureOf(state.ItemProcessor).map((line) => INDENT + line),
            'end',
          ]
        : [nodeOf(name, state)],
    ),
    ...states.flatMap(([name, state]) => arrowsOf(name, state)),
  ];
}

/** Each state with those within it, in the order of the definition. */
function statesOf({ States }: ShownWorkflow): [string, ShownState][] {
  return Object.entries(States).flatMap(([name, state]) => [
    [name, state] as [string, ShownState],
    ...(state.ItemProcessor ? statesOf(state.ItemProcessor) : []),
  ]);
}

/** `${OpenAlertFunctionArn}` is the function `open-alert`, as in the names of its log group. */
function functionOf({ Arguments }: ShownState): string | undefined {
  const [, name] = /^\$\{(\w+)FunctionArn\}$/.exec(Arguments?.FunctionName ?? '') ?? [];
  return name?.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
}

function purposeOf(state: ShownState): string {
  const runs = functionOf(state);
  const comment = state.Comment ?? '';
  return `${/\.$/.test(comment) ? comment : `${comment}.`}${runs ? ` Runs \`${runs}\`.` : ''}`;
}

const cellsOf = (row: string) =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The section with its picture and its rows drawn anew; throws for a state of which it does not say what goes in and out. */
function sectionDrawn(section: string, workflow: ShownWorkflow): string {
  const picture = ['flowchart TD', ...pictureOf(workflow).map((line) => INDENT + line)].join('\n');
  const [table = ''] = /(?:^\|.*\n)+/m.exec(section) ?? [];
  const [head, rule, ...rows] = table.trim().split('\n');
  const written = new Map(rows.map(cellsOf).map(([state = '', _purpose, ...data]) => [state, data]));
  const drawn = statesOf(workflow).map(([name, state]) => {
    const data = written.get(`**${name}**`);
    if (!data)
      throw new Error(`workflows/README.md does not say what goes into "${name}" and what comes out`);
    return `| **${name}** | ${purposeOf(state)} | ${data.join(' | ')} |`;
  });
  return section
    .replace(/```mermaid\n[^`]*```/, () => `\`\`\`mermaid\n${picture}\n\`\`\``)
    .replace(table, () => `${[head, rule, ...drawn].join('\n')}\n`);
}

/** The page with what the definitions say now; each workflow has a section of its own, headed by its file. */
export function pageDrawn(page: string, workflows: Record<string, ShownWorkflow>): string {
  const sections = page.split(/^(?=## )/m);
  const missing = Object.keys(workflows).filter((file) => !page.includes(`## ${file}\n`));
  if (missing.length > 0) throw new Error(`workflows/README.md has no section for ${missing.join(', ')}`);
  return sections
    .map((section) => {
      const workflow = workflows[/^## (\S+)\n/.exec(section)?.[1] ?? ''];
      return workflow ? sectionDrawn(section, workflow) : section;
    })
    .join('');
}
