import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkPlaceholders } from '../../../infra/constructs/workflow-placeholders.ts';
import { resources } from '../template.ts';

const definition =
  '{"Resource": "${OpenAlertFunctionArn}", "Other": "{% $states.input.\\"${WorkGroup}\\" %}"}';

test('each placeholder is bound and each binding used', () => {
  expect(() =>
    checkPlaceholders('a.asl.json', definition, ['OpenAlertFunctionArn', 'WorkGroup']),
  ).not.toThrow();
});

test('a placeholder without a binding is named with its file', () => {
  expect(() => checkPlaceholders('a.asl.json', definition, ['WorkGroup'])).toThrow(
    'a.asl.json:\n  the placeholder ${OpenAlertFunctionArn} is bound to nothing',
  );
});

test('a binding without a placeholder is named too', () => {
  const bound = ['OpenAlertFunctionArn', 'WorkGroup', 'Database'];
  expect(() => checkPlaceholders('a.asl.json', definition, bound)).toThrow('Database is given');
});

test.each(['escalation', 'nightly-report'])('%s stands in the template as it stands in its file', (name) => {
  const machine = resources('AWS::StepFunctions::StateMachine').find(
    ([, { StateMachineName }]) => StateMachineName === `vigil-demo-${name}`,
  )?.[1];
  expect(machine.DefinitionString).toBe(readFileSync(`workflows/${name}.asl.json`, 'utf8'));
});

test('a workflow logs its steps, never what they carry', () => {
  for (const [, { LoggingConfiguration }] of resources('AWS::StepFunctions::StateMachine'))
    expect(LoggingConfiguration.IncludeExecutionData).toBe(false);
});
