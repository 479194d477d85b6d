import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { deploy } from '../infra/cli/deploy.ts';

const readme = readFileSync('README.md', 'utf8');
const scripts = JSON.parse(readFileSync('package.json', 'utf8')).scripts as Record<string, string>;

/** The rows of the table below a heading, cells trimmed. */
function tableUnder(heading: string): string[][] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string);

const stateNames = globSync('workflows/*.asl.json').flatMap((file) => {
  type Machine = { States: Record<string, { ItemProcessor?: Machine }> };
  const collect = (machine: Machine): string[] =>
    Object.entries(machine.States).flatMap(([name, { ItemProcessor }]) => [
      name,
      ...(ItemProcessor ? collect(ItemProcessor) : []),
    ]);
  return collect(JSON.parse(readFileSync(file, 'utf8')));
});

test('every path that "Where things live" names exists', () => {
  const cells = tableUnder('Where things live').flat();
  const paths = cells.flatMap(quoted).filter((name) => name.includes('/'));
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});

test('every workflow state that it names is a state of a workflow', () => {
  const states = tableUnder('Where things live').flatMap((row) => quoted(row[2] ?? ''));
  expect(states.length).toBeGreaterThan(5);
  expect(states.filter((state) => !stateNames.includes(state))).toEqual([]);
});

test('every handler and every query has a place in it', () => {
  const named = tableUnder('Where things live').flat().flatMap(quoted);
  const handlers = readdirSync('handlers').filter((file) => file.endsWith('.ts'));
  const queries = readdirSync('sql').filter((file) => file.endsWith('.sql'));
  const missing = [...handlers.map((file) => `handlers/${file}`), ...queries.map((file) => `sql/${file}`)];
  expect(missing.filter((path) => !named.includes(path))).toEqual([]);
});

test('every npm script that the README names exists', () => {
  const named = [...readme.matchAll(/npm (?:run (?:-s )?)?([a-z]+)/g)].map((match) => match[1] as string);
  const builtIn = ['ci', 'install'];
  expect(named.filter((name) => !builtIn.includes(name) && !(name in scripts))).toEqual([]);
});

test('the deployment that the README shows states all that production requires', async () => {
  const [, line = ''] = /npm run deploy -- (production .*?)\s*#/.exec(readme) ?? [];
  const roomy = { limit: 1000, unreserved: 1000, pages: 0, openShards: 4 };
  const deployer = { account: async () => roomy, cli: () => ({}), say: () => undefined };
  expect(await deploy(line.replace('ADDRESS', 'operations@example.org').split(' '), deployer)).toBe(0);
});

test('whoever the README names in a command or a rotation is a clinician of the sample hospital', () => {
  const { clinicians } = JSON.parse(readFileSync('infra/hospital/hospital.json', 'utf8'));
  const known = clinicians.map(({ id }: { id: string }) => id);
  const inCommands = [...readme.matchAll(/roster -- (?:swap|test|calendar) ([a-z][\w-]*)|--with ([\w-]+)/g)];
  const inRosters = [...readme.matchAll(/"order": \[(.+?)\]|"clinicianId": (".+?")/g)];
  const named = [
    ...inCommands.map(([, one, other]) => one ?? other),
    ...inRosters.flatMap(([, order, one]) => JSON.parse(`[${order ?? one}]`)),
  ];
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((id) => !known.includes(id))).toEqual([]);
});
