/** What cites a decision does so as `decisions/0022`, in one form everywhere, and its reader finds it. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const decisions = new Set(globSync('infra/decisions/*.md').map((file) => /\d{4}/.exec(file)?.[0]));

const texts = globSync(['{handlers,infra,sql,test,workflows}/**/*.{ts,md,sql,json}', 'README.md'])
  .filter((file) => file !== 'test/decisions.test.ts')
  .map((file) => [file, readFileSync(file, 'utf8')] as const);

/** The address of a link in Markdown names the whole file, beside the citation in its text. */
const withoutAddresses = (text: string) => text.replace(/\]\(infra\/decisions\/[^)]*\)/g, ']');

test('every decision that is cited exists, and every page is a decision', () => {
  const cited = texts.flatMap(([file, text]) =>
    [...text.matchAll(/decisions\/(\d+)/g)].map(([citation, number]) => ({ file, citation, number })),
  );
  expect(cited.length).toBeGreaterThan(20);
  expect(cited.filter(({ number }) => !decisions.has(number))).toEqual([]);
  for (const file of globSync('infra/decisions/*.md'))
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`^# ${Number(/\d{4}/.exec(file)?.[0])}\\. `));
});

test('no decision is cited in another form', () => {
  const others = /decisions\/\d{4}-|\b\d{4}-[a-z-]+\.md|\b(decision|ADR) \d|\bthe design\b/gi;
  const found = texts.flatMap(([file, text]) =>
    [...withoutAddresses(text).matchAll(others)].map(([citation]) => `${file}: ${citation}`),
  );
  expect(found).toEqual([]);
});
