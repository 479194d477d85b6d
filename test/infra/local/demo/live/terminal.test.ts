import { expect, test } from 'vitest';
import { Terminal } from '../../../../../infra/local/demo/live/terminal.ts';

const at = Date.parse('2026-03-03T03:00:00Z');
const where = 'ward-001 bed 1';

test('what is told again and again is one line with a count, before the next other line or at the end, in the order of time', () => {
  const printed: string[] = [];
  const terminal = new Terminal('Europe/London', (line) => printed.push(line));
  const again = (minutes: number, more = {}) =>
    terminal.tell({
      at: at + minutes * 60_000,
      what: 'everyone paged again',
      where,
      more: '5 people',
      again: true,
      ...more,
    });
  terminal.tell({ at, what: 'everyone paged', where, more: '5 people' });
  for (const minutes of [15, 30, 45]) again(minutes);
  again(40, { where: 'ward-002 bed 3' });
  expect(printed).toHaveLength(1);
  terminal.tell({ at: at + 3_600_000, what: 'accepted by lead', where, more: 'Maren Ashgrove' });
  again(75);
  terminal.end();
  expect(printed).toEqual([
    '03:00:00  everyone paged            ward-001 bed 1      5 people',
    '03:40:00  everyone paged again      ward-002 bed 3      5 people',
    '03:45:00  everyone paged again      ward-001 bed 1      5 people, 3 times',
    '04:00:00  accepted by lead          ward-001 bed 1      Maren Ashgrove',
    '04:15:00  everyone paged again      ward-001 bed 1      5 people',
  ]);
});
