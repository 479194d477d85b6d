/** What the expressions of the escalation's definition give, as Step Functions would evaluate them. */
import jsonata from 'jsonata';
import { expect } from 'vitest';
import type { Alert } from '../../handlers/alert/alert.ts';
import { assess } from '../../handlers/alert/assess.ts';
import { aReadingAt, nurse } from '../handlers/alert/builders.ts';
import { type Json, type Rule, state } from './escalation.ts';

export const executionName = 'critical-ward-001-4-20261124T0300Z-3f9a0c21b7de';
export const context = { Execution: { Name: executionName, Input: {} }, Task: { Token: 'a-token' } };
/** The alert of the builders, as the execution carries it. */
export const carried = { alertKey: 'PATIENT#p-7', alertId: '3f9a0c21b7de4455', executionName: 'exec-1' };

/** Step Functions fails a state whose expression gives nothing, so does this. */
export async function evaluate(template: Json, bindings: Record<string, Json>): Promise<Json> {
  if (Array.isArray(template)) return Promise.all(template.map((item) => evaluate(item, bindings)));
  if (template !== null && typeof template === 'object') {
    const fields = Object.entries(template).map(async ([name, value]) => [
      name,
      await evaluate(value, bindings),
    ]);
    return Object.fromEntries(await Promise.all(fields));
  }
  if (typeof template !== 'string' || !template.startsWith('{%')) return template;
  const value = await jsonata(template.slice(2, -2)).evaluate(undefined, bindings);
  if (value === undefined) throw new Error(`Nothing comes of ${template}`);
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** What a task hands to its function. */
export async function payloadOf(name: string, bindings: Record<string, Json>): Promise<Json> {
  return evaluate(state(name).Arguments?.Payload ?? null, bindings);
}

/** Where a Choice leads for an input; every condition has to say true or false. */
export async function choose(name: string, input: Json): Promise<string | undefined> {
  const { Choices = [], Default } = state(name);
  let chosen: Rule | undefined;
  for (const rule of Choices) {
    const holds = await evaluate(rule.Condition, { states: { input, context } });
    expect(holds, rule.Condition).toBeTypeOf('boolean');
    if (holds === true) chosen ??= rule;
  }
  return chosen?.Next ?? Default;
}

/** What the assessment of an alert says, as the workflow receives it: JSON. */
export function seenOf(
  alert: Alert,
  now: string,
  recent = [aReadingAt(10)],
  responders = [nurse],
): Record<string, Json> {
  return JSON.parse(JSON.stringify(assess(alert, carried, { responders, recent }, now)));
}
