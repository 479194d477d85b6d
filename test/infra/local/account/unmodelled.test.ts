/** Nothing is modelled by silence: what the template would say and the local account does not know stops the start, by name. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { synthesize } from '../../../../infra/build/synthesize.ts';
import { type LocalAccount, startAccount } from '../../../../infra/local/account/account.ts';
import type { Template } from '../../../../infra/local/account/template.ts';
import { inertTypes, modelledProperties } from '../../../../infra/local/engine/inert.ts';

const { template, assemblyDirectory } = await synthesize('demo');
const directory = mkdtempSync(join(tmpdir(), 'vigil-'));
const inert = inertTypes.map(({ type }) => type);

/** Objects whose members are data of ours, not properties of AWS's: any name may stand there, and all are used. */
const freeForm: Record<string, string> = {
  'AWS::Lambda::Function.Environment.Variables': 'given to the handler as they are',
  'AWS::StepFunctions::StateMachine.DefinitionSubstitutions':
    'put into the definition, where each placeholder must be bound',
  'AWS::Events::Rule.EventPattern.detail': 'fields of the event, each of which must match',
};

function boot(change: (template: Template) => void): LocalAccount {
  const changed = structuredClone(template) as Template;
  change(changed);
  return startAccount({
    assemblyDirectory,
    template: changed,
    directory,
    seed: 1,
    startAt: '2026-03-03T01:00:00Z',
  });
}

/** A place in the template where an object stands: its shape is its type with the names on the way, list positions left out. */
type Place = { logicalId: string; shape: string; path: (string | number)[] };

function placesIn(logicalId: string, shape: string, value: unknown, path: Place['path'] = []): Place[] {
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value))
    return value.flatMap((item, index) => placesIn(logicalId, shape, item, [...path, index]));
  if (Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'))) return [];
  return [
    { logicalId, shape, path },
    ...Object.entries(value).flatMap(([key, inner]) =>
      placesIn(logicalId, `${shape}.${key}`, inner, [...path, key]),
    ),
  ];
}

/** One place of each shape, in every resource type that is modelled. */
const places = new Map(
  Object.entries((template as Template).Resources)
    .filter(([, { Type }]) => !inert.includes(Type))
    .flatMap(([logicalId, { Type, Properties }]) => placesIn(logicalId, Type, Properties))
    .map((place): [string, Place] => [place.shape, place]),
);

/** Adds `Unmodelled` there, with a value such as its neighbours have. */
const surprise =
  ({ logicalId, path }: Place) =>
  (changed: Template) => {
    const object = path.reduce((value, key) => value[key], changed.Resources[logicalId]?.Properties);
    object.Unmodelled = Object.values(object)[0] ?? 'x';
  };

test('the template boots as it is, and has places enough to surprise', () => {
  boot(() => {});
  expect(places.size).toBeGreaterThan(100);
  expect([...places.keys()].filter((shape) => shape.includes('.')).length).toBeGreaterThan(60);
});

test.each([...places.values()].filter(({ shape }) => !(shape in freeForm)))(
  'an unknown property in $shape stops the start',
  (place) => {
    expect(() => boot(surprise(place))).toThrow(new RegExp(`^${place.logicalId}\\b[^]*\\bUnmodelled\\b`));
  },
);

test.each(['Condition', 'CreationPolicy', 'UpdatePolicy', 'Metadata'])(
  'a resource that has a %s stops the start, and so does a section of that name',
  (name) => {
    const [logicalId] = Object.keys(template.Resources) as [string];
    const onResource = (changed: Template) =>
      Object.assign(changed.Resources[logicalId] ?? {}, { [name]: 'x' });
    expect(() => boot(onResource)).toThrow(`${logicalId}: ${name} is not modelled`);
    expect(() => boot((changed) => Object.assign(changed, { [name]: {} }))).toThrow(`${name}: this section`);
  },
);

test.each(Object.entries(freeForm))('%s: any name may stand there', (shape) => {
  boot(surprise(places.get(shape) as Place));
});

test('the properties without effect are listed, each with a reason', () => {
  const properties = modelledProperties(boot(() => {}).services.values());
  expect(properties.filter(({ inert: reason }) => reason === '')).toEqual([]);
  expect(properties.flatMap(({ name, inert: reason }) => (reason ? name : []))).toEqual(
    expect.arrayContaining(['AWS::S3::Bucket.BucketEncryption', 'AWS::IAM::Policy.PolicyName']),
  );
});

test.each(inertTypes)(
  '$type is used by the template, and has a reason for being left out',
  ({ type, reason }) => {
    expect(Object.values((template as Template).Resources).some(({ Type }) => Type === type)).toBe(true);
    expect(reason.split(' ').length).toBeGreaterThan(5);
  },
);

/** What only the production stage has, and what is understood the same in every policy. */
const elsewhere = /^AWS::SNS::Subscription\.|\.(KeyPolicy|PolicyDocument)\./;

test('nothing is modelled that the template does not use', () => {
  const used = new Set(
    Object.values((template as Template).Resources).flatMap(({ Type, Properties }) =>
      placesIn('', Type, Properties).flatMap(({ shape, path }) =>
        Object.keys(path.reduce((value, key) => value[key], Properties ?? {})).map(
          (name) => `${shape}.${name}`,
        ),
      ),
    ),
  );
  const known = modelledProperties(boot(() => {}).services.values()).map(({ name }) => name);
  expect(known.length).toBeGreaterThan(200);
  expect(known.filter((property) => !used.has(property) && !elsewhere.test(property))).toEqual([]);
});
