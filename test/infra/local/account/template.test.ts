import { expect, test } from 'vitest';
import { z } from 'zod';
import { createResources, type Template } from '../../../../infra/local/account/template.ts';
import type { ResourceModel } from '../../../../infra/local/engine/service.ts';

const made: { logicalId: string; properties: unknown }[] = [];

const thing: ResourceModel = {
  properties: z.strictObject({
    Name: z.string().optional(),
    Of: z.string().optional(),
    Deep: z.strictObject({ Known: z.string() }).optional(),
  }),
  create(resource) {
    made.push(resource);
    return { ref: `ref-${resource.logicalId}`, attributes: { Arn: `arn:thing:${resource.logicalId}` } };
  },
};

function boot(resources: Template['Resources'], outputs: Template['Outputs'] = {}) {
  made.length = 0;
  return createResources(
    { Resources: resources, Outputs: outputs },
    {
      accountId: '111122223333',
      region: 'eu-west-2',
      model: (type) => (type === 'Test::Thing' ? thing : undefined),
      isInert: (type) => type === 'Test::Dashboard',
    },
  );
}

test('resources are created before those that refer to them, intrinsics resolved', () => {
  const { outputs } = boot(
    {
      B: { Type: 'Test::Thing', Properties: { Of: { 'Fn::GetAtt': ['A', 'Arn'] } } },
      A: {
        Type: 'Test::Thing',
        Properties: { Name: { 'Fn::Join': ['-', ['in', { Ref: 'AWS::Region' }]] } },
      },
    },
    { Text: { Value: { 'Fn::Sub': 'of ${B.Arn} in ${AWS::AccountId}' } } },
  );
  expect(made).toEqual([
    { logicalId: 'A', properties: { Name: 'in-eu-west-2' } },
    { logicalId: 'B', properties: { Of: 'arn:thing:A' } },
  ]);
  expect(outputs).toEqual({ Text: 'of arn:thing:B in 111122223333' });
});

test('a property that is not modelled stops the start, at the top and nested, naming it', () => {
  expect(() => boot({ A: { Type: 'Test::Thing', Properties: { Surprise: 1 } } })).toThrow(
    /A \(Test::Thing\).*Surprise/s,
  );
  const nested = { A: { Type: 'Test::Thing', Properties: { Deep: { Known: 'x', Unknown: 1 } } } };
  expect(() => boot(nested)).toThrow(/Unknown.*Deep/s);
});

test('an unknown type stops the start; a listed inert one does not', () => {
  expect(() => boot({ A: { Type: 'Test::Nothing' } })).toThrow('A: resource type Test::Nothing is neither');
  expect(boot({ A: { Type: 'Test::Dashboard', Properties: { Anything: 1 } } }).resources.size).toBe(1);
});

test('an intrinsic or a reference that is not modelled is an error', () => {
  const name = (value: unknown) => boot({ A: { Type: 'Test::Thing', Properties: { Name: value } } });
  expect(() => name({ 'Fn::ImportValue': 'x' })).toThrow('Fn::ImportValue is not modelled');
  expect(() => name({ Ref: 'Missing' })).toThrow('Missing: the template refers to it');
  expect(() => name({ 'Fn::GetAtt': ['A', 'Arn'] })).toThrow('in a circle');
});
