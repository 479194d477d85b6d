/** A write to the table that asks for less than all it should: each clause of its condition dropped. */
import { lineAt, type Mutant, replaceAt, sources } from './mutant.ts';
import { testsOfStore } from './store-tests.ts';

/** The clauses that AND joins outside of parentheses. */
export function clausesOf(condition: string): string[] {
  const clauses: string[] = [];
  let begun = 0;
  let depth = 0;
  for (const { 0: token, index } of condition.matchAll(/[()]| AND /g)) {
    if (token === '(') depth++;
    else if (token === ')') depth--;
    else if (depth === 0) {
      clauses.push(condition.slice(begun, index));
      begun = index + token.length;
    }
  }
  return [...clauses, condition.slice(begun)];
}

/** What a handler's ConditionExpression is made of; one that is no literal could not be taken apart here, but for `asRead`'s. */
const property = /\bConditionExpression\b(?!: fields\b)(?:: '([^']*)',?)?/g;
/** A write that nobody else's may come before: `asRead` of handlers/aws/dynamodb/item.ts, with the fields that it looks at. */
const fence = /\basRead\((\w+), (?:\[([^\]]*)\]|\w+)\)/g;

export function weakenedWrites(): Mutant[] {
  return [...withoutClause(), ...withoutField()];
}

function withoutField(): Mutant[] {
  return sources('handlers/**/*.ts').flatMap(([file, text]) =>
    Array.from(text.matchAll(fence)).flatMap(({ 0: found, 1: item, 2: list = '', index }) => {
      const fields = list.split(', ');
      return fields.map((field, number) => {
        const left = fields.toSpliced(number, 1).join(', ');
        return {
          name: `${file}:${lineAt(text, index)} writes whatever others did to ${field || 'it'}`,
          file,
          edit: (whole: string) =>
            replaceAt(whole, index, found.length, left ? `asRead(${item}, [${left}])` : '{}'),
          tests: testsOfStore(file),
        };
      });
    }),
  );
}

function withoutClause(): Mutant[] {
  return sources('handlers/**/*.ts').flatMap(([file, text]) =>
    Array.from(text.matchAll(property)).flatMap(({ 0: found, 1: condition, index }) => {
      const place = `${file}:${lineAt(text, index)}`;
      if (!condition)
        throw new Error(`${place}: a condition has to be one string, so that each clause is tested`);
      const clauses = clausesOf(condition);
      return clauses.map((clause, number) => {
        const left = clauses.toSpliced(number, 1).join(' AND ');
        return {
          name: `${place} writes without ${clause}`,
          file,
          edit: (whole: string) =>
            replaceAt(whole, index, found.length, left && `ConditionExpression: '${left}',`),
          tests: testsOfStore(file),
        };
      });
    }),
  );
}
