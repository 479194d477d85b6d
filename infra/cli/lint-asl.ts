/**
 * Checks every workflows/*.asl.json: that it is JSON, valid Amazon States Language, that its placeholders are well
 * formed, that every `{% ... %}` compiles, and that the local account models it. Prints file and JSON path of each problem.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
// @ts-expect-error the package publishes no types
import untyped from 'asl-validator';
import { expressionProblems, jsonPath } from '../local/services/step-functions/consistency.ts';
import { parseDefinition } from '../local/services/step-functions/parse-definition.ts';

/** asl-validator has no types of its own. */
type Validate = (definition: object) => {
  errors: { 'Error code': string; Message: string; schemaError?: { instancePath: string } }[];
};

const validate = untyped as Validate;

type Problem = { path: string; problem: string };

const directory = 'workflows';

/** `${OpenAlertFunctionArn}`: what the template binds; anything else that looks like one would stay in the definition. */
function placeholderProblems(text: string): Problem[] {
  return [...text.matchAll(/\$\{([^}]*)\}?/g)]
    .filter(([all, name]) => !/^[A-Z][A-Za-z0-9]*$/.test(name ?? '') || !all.endsWith('}'))
    .map(([all]) => ({ path: '$', problem: `placeholder ${all} is not \${PascalCase}` }));
}

function languageProblems(definition: object): Problem[] {
  return validate(structuredClone(definition)).errors.map(({ Message, schemaError }) => ({
    path: jsonPath(schemaError?.instancePath.split('/').slice(1) ?? []),
    problem: Message.replace(`${schemaError?.instancePath} is invalid. `, ''),
  }));
}

function modelProblems(text: string): Problem[] {
  try {
    parseDefinition(text);
    return [];
  } catch (error) {
    return [{ path: '$', problem: (error as Error).message }];
  }
}

function problemsOf(text: string): Problem[] {
  let definition: object;
  try {
    definition = JSON.parse(text);
  } catch (error) {
    return [{ path: '$', problem: (error as Error).message }];
  }
  const problems = [
    ...placeholderProblems(text),
    ...languageProblems(definition),
    ...expressionProblems(definition),
  ];
  return problems.length > 0 ? problems : modelProblems(text);
}

const files = readdirSync(directory).filter((file) => file.endsWith('.asl.json'));
let failed = files.length === 0;
if (failed) console.log(`FAILED  ${directory} holds no *.asl.json`);
for (const file of files) {
  const text = readFileSync(join(directory, file), 'utf8');
  const problems = problemsOf(text);
  const expressions = text.match(/"\{%/g)?.length ?? 0;
  const states = text.match(/"Type"/g)?.length ?? 0;
  const counts = `${String(states).padStart(3)} states  ${String(expressions).padStart(4)} expressions`;
  console.log(
    `${problems.length === 0 ? 'ok    ' : 'FAILED'}  ${join(directory, file).padEnd(36)} ${counts}`,
  );
  for (const { path, problem } of problems)
    console.log(`        ${path}: ${problem.replaceAll('\n', '\n          ')}`);
  failed ||= problems.length > 0;
}
process.exitCode = failed ? 1 : 0;
