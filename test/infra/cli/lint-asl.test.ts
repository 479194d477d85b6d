/** The check of workflows says what is wrong, in which file and where. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { work } from '../local/services/step-functions/machine.ts';

function lint(definition: string) {
  const directory = mkdtempSync(join(tmpdir(), 'vigil-lint-'));
  mkdirSync(join(directory, 'workflows'));
  writeFileSync(join(directory, 'workflows', 'night.asl.json'), definition);
  const command = resolve('infra/cli/lint-asl.ts');
  const { status, stdout } = spawnSync('node', [command], { cwd: directory, encoding: 'utf8' });
  return { status, stdout };
}

const workflow = (States: Record<string, unknown>) =>
  JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(States)[0], States });

describe('lint-asl', () => {
  it('passes a sound workflow', () => {
    const { status, stdout } = lint(
      workflow({
        Work: work({ Arguments: { FunctionName: '${WorkFunctionArn}', Payload: '{% $states.input %}' } }),
      }),
    );
    expect(stdout).toMatch(/^ok +workflows\/night\.asl\.json +1 states +2 expressions/);
    expect(status).toBe(0);
  });

  const problems: [what: string, definition: string, line: string][] = [
    ['text that is no JSON', '{"StartAt": ', '$: Unexpected end of JSON input'],
    [
      'an expression',
      workflow({ 'Page nurse': { Type: 'Succeed', Output: '{% 1 + %}' } }),
      "$.States['Page nurse'].Output",
    ],
    [
      'half an expression',
      workflow({ Work: work({ Output: { a: [' {% 1 %}'] } }) }),
      '$.States.Work.Output.a[0]: is not a whole',
    ],
    ['a placeholder', workflow({ Work: work({ Comment: '${work-arn}' }) }), 'placeholder ${work-arn}'],
    ['a target', workflow({ Look: { Type: 'Pass', Next: 'Nowhere' } }), 'Nowhere'],
    ['what the local account has not', workflow({ Work: work({ HeartbeatSeconds: 9 }) }), 'HeartbeatSeconds'],
  ];
  it.each(problems)('names %s that is wrong', (_what, definition, line) => {
    const { status, stdout } = lint(definition);
    expect(stdout).toMatch(/^FAILED +workflows\/night\.asl\.json/);
    expect(stdout).toContain(line);
    expect(status).toBe(1);
  });
});
