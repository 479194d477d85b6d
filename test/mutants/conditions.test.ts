import { expect, test } from 'vitest';
import { clausesOf } from './planted/conditions.ts';

test.each([
  ['attribute_not_exists(pk)', ['attribute_not_exists(pk)']],
  ['a = :a AND #b = :b AND c = :c', ['a = :a', '#b = :b', 'c = :c']],
  ['(a = :a AND b = :b OR c = :c) AND d = :d', ['(a = :a AND b = :b OR c = :c)', 'd = :d']],
])('the clauses of %s', (condition, clauses) => {
  expect(clausesOf(condition)).toEqual(clauses);
});
