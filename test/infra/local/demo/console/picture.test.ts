import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { layOut, nodeHeight, nodeWidth } from '../../../../../infra/local/demo/console/layout.ts';
import { picture } from '../../../../../infra/local/demo/console/picture.ts';
import { rowsOf } from '../../../../../infra/local/demo/console/rows.ts';
import type { ExecutionStep } from '../../../../../infra/local/demo/console/steps.ts';
import type { Graph } from '../../../../../infra/local/services/step-functions/definition.ts';

const workflow = (name: string): Graph => JSON.parse(readFileSync(`workflows/${name}.asl.json`, 'utf8'));
const escalation = workflow('escalation');

const aStep = (more: Partial<ExecutionStep>): ExecutionStep => ({
  number: 1,
  name: 'Open alert',
  type: 'Task',
  enteredAt: 0,
  errors: [],
  attempts: 1,
  status: 'succeeded',
  ...more,
});

test('what the alert needs stands below "What now?" in the order of the definition, then what comes back to it, and the ends come last', () => {
  const rows = rowsOf(escalation, 4);
  expect(rows[0]).toEqual(['(start)']);
  const names = Object.keys(escalation.States);
  const ends = names.filter((name) => escalation.States[name]?.Type === 'Succeed');
  expect(rows.slice(-2)).toEqual([ends, ['(end)']]);
  const asked = rows.findIndex((row) => row.includes('What now?'));
  const choice = escalation.States['What now?'];
  const targets = choice?.Type === 'Choice' ? choice.Choices.map(({ Next }) => Next) : [];
  expect(rows.slice(asked + 1, -2).flat()).toEqual([
    ...names.filter((name) => targets.includes(name) && !ends.includes(name)),
    'Assess the alert',
  ]);
});

test.each(['escalation', 'nightly-report'])('%s: no two states overlap, on a phone or elsewhere', (name) => {
  for (const columns of [2, 4]) {
    const { nodes, width, height } = layOut(workflow(name), columns);
    for (const [index, one] of nodes.entries()) {
      expect(one.x - nodeWidth / 2).toBeGreaterThan(0);
      expect(one.x + nodeWidth / 2).toBeLessThan(width);
      expect(one.y).toBeLessThan(height);
      for (const other of nodes.slice(index + 1))
        expect(Math.abs(one.x - other.x) >= nodeWidth || Math.abs(one.y - other.y) >= nodeHeight).toBe(true);
    }
  }
});

test('a state that was visited leads to its latest step; the key names every look', () => {
  const steps = [
    aStep({}),
    aStep({ number: 4, name: 'Page nurse', status: 'timedOut' }),
    aStep({ number: 7, name: 'Page nurse', status: 'current' }),
  ];
  const { html } = picture(escalation, { steps, taken: new Set() }, '?still');
  expect(html).toMatch(/<a href="\?still#step-7"><g class="node current"><title>Page nurse: in progress/);
  expect(html).toMatch(/(?<!<a href="[^"]*">)<g class="node "><title>Page doctor: not reached/);
  expect(html).toMatch(/<g class="node last /);
  expect(html).toMatch(/Start<\/text>[\s\S]*End<\/text>/);
  for (const word of ['timed out, moved on', 'not reached', 'stopped'])
    expect(html).toMatch(new RegExp(`class="tag[^"]*">${word}<`));
});
