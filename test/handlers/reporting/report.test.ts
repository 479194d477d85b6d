/** The report and its mail: what they say of a good night and of a bad one, and what they never say. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { reportMail } from '../../../handlers/reporting/report-mail.ts';
import { reportPage } from '../../../handlers/reporting/report-page.ts';
import { tableOfQuery, tableQueries } from '../../../handlers/reporting/tables.ts';
import { actions, duration, headline, isGood } from '../../../handlers/reporting/verdict.ts';
import { textOf } from '../answering/browser.ts';
import { aSummary, theChecks, window } from './builders.ts';

const gap = { alarmingReadingsTaken: 2 };
const link = 'https://vigil.example/report/00112233445566778899aabbccddeeff';

describe('the verdict', () => {
  test.each([
    ['Nothing was lost, and every alert was answered.', aSummary()],
    ['Nothing was lost; an alert is still open.', aSummary({ open_at_end: '1' })],
    ['Nothing was lost; 2 alerts are still open.', aSummary({ open_at_end: '2' })],
    ['Nothing was lost, but an alert went unanswered.', aSummary({ unanswered: '1', open_at_end: '1' })],
    ['Nothing was lost, but 2 alerts went unanswered.', aSummary({ unanswered: '2' })],
    ['This night is not fully accounted for: the archive has gaps.', aSummary({ unanswered: '1' }, gap)],
    [
      'Nothing was lost, but an alert waited too long for a person or an alarm.',
      aSummary({ seconds_to_person_or_alarm_max: '901.5' }),
    ],
    [
      'Nothing was lost, but an emergency waited too long for a person or an alarm.',
      aSummary({
        seconds_to_person_or_alarm_emergency_max: '300.001',
        seconds_to_person_or_alarm_max: '901',
      }),
    ],
    [
      'Nothing was lost, and every alert was answered.',
      aSummary({ seconds_to_person_or_alarm_emergency_max: '300', seconds_to_person_or_alarm_max: '900' }),
    ],
  ])('%s', (sentence, summary) => {
    expect(headline(summary)).toBe(sentence);
  });

  test.each([
    ['a page could not be mailed', { pages_failed: '1' }],
    ['3 pages could not be mailed', { pages_failed: '3' }],
    ['a record could not be read', { quarantined: '1' }],
    ['7 records could not be read', { quarantined: '7' }],
    ['a late reading was set aside', { superseded: '1' }],
    ['2 late readings were set aside', { superseded: '2' }],
    ['a reading came from an unregistered device', { from_unknown_devices: '1' }],
    ['3 readings came from unregistered devices', { from_unknown_devices: '3' }],
    ['a device has a wrong clock', { clocks_off: '1' }],
    ['2 devices have wrong clocks', { clocks_off: '2' }],
  ])('what is not known keeps it from saying that nothing was lost: %s', (what, figures) => {
    const summary = aSummary(figures);
    expect(headline(summary)).toBe(`Not everything is known: ${what}. Every alert was answered.`);
    expect(isGood(summary)).toBe(false);
    const { subject, message } = reportMail(window, summary, link);
    expect(subject).toBe(
      'Vigil: the night to Tue 3 Mar 2026 06:00 - reconciled, but not everything is known',
    );
    expect(`${subject} ${message}`).not.toContain('Nothing was lost');
    expect(actions(summary)).toHaveLength(1);
    expect(page({}, [], figures)).toContain('<h1 class="bad">');
  });

  test.each([
    ['a batch of records was given up on', { batchesGivenUp: 1 }],
    ['2 batches of records were given up on', { batchesGivenUp: 2 }],
    ['no readings came from ward w-1', { silentWards: ['w-1'] }],
    ['no readings came from the wards w-1, w-2', { silentWards: ['w-1', 'w-2'] }],
    [
      'no readings came from the wards 1, 2, 3, 4, 5 and 2 more',
      { silentWards: ['1', '2', '3', '4', '5', '6', '7'] },
    ],
  ])('nor does what the archive cannot tell: %s', (what, beside) => {
    const summary = aSummary({}, {}, beside);
    expect(headline(summary)).toBe(`Not everything is known: ${what}. Every alert was answered.`);
    expect(isGood(summary)).toBe(false);
    expect(actions(summary)).toHaveLength(1);
  });

  test('all of it at once, and what else went wrong', () => {
    const figures = { quarantined: '7', superseded: '2', from_unknown_devices: '1', clocks_off: '1' };
    expect(headline(aSummary({ ...figures, unanswered: '2' }))).toBe(
      'Not everything is known: 7 records could not be read; 2 late readings were set aside; ' +
        'a reading came from an unregistered device; a device has a wrong clock. ' +
        '2 alerts went unanswered.',
    );
    expect(headline(aSummary({ ...figures, open_at_end: '1' }))).toMatch(/ An alert is still open\.$/);
    expect(headline(aSummary(figures, gap))).toBe(
      'This night is not fully accounted for: the archive has gaps.',
    );
  });

  test('a good night is good', () => {
    expect(isGood(aSummary())).toBe(true);
    expect(isGood(aSummary({ open_at_end: '1' }))).toBe(true);
  });

  test('what to do, most urgent first; nothing after a good night', () => {
    expect(actions(aSummary())).toEqual([]);
    const night = (counts: string) =>
      actions(
        aSummary(
          {
            unanswered: counts,
            open_at_end: counts,
            pages_failed: counts,
            quarantined: counts,
            superseded: counts,
            superseded_worst: 'emergency',
            from_unknown_devices: counts,
            clocks_off: counts,
            technical_alerts: counts,
            technical_open_at_end: counts,
          },
          gap,
        ),
      );
    const first = 'Investigate (see the runbook): alarming readings that nobody was alerted to: 2.';
    expect(night('1')).toEqual([
      first,
      'Ask why nobody answered an alert at first.',
      'See to an alert that was still open.',
      'Investigate why a page could not be mailed (see the runbook); somebody else was asked instead.',
      'Look at a record that could not be read.',
      'Tell its ward of a late reading that was set aside: emergency.',
      'Register the device that sent a reading and is not in the roster.',
      'Set the clock of a device; the table below names it.',
      'See to a technical alert of a device that was still open.',
    ]);
    expect(night('3')).toEqual([
      first,
      'Ask why nobody answered 3 alerts at first.',
      'See to 3 alerts that were still open.',
      'Investigate why 3 pages could not be mailed (see the runbook); somebody else was asked instead.',
      'Look at 3 records that could not be read.',
      'Tell their wards of 3 late readings that were set aside, the worst of them: emergency.',
      'Register the devices that sent 3 readings and are not in the roster.',
      'Set the clocks of 3 devices; the table below names them.',
      'See to 3 technical alerts of devices that were still open.',
    ]);
  });

  test.each([
    [null, '-'],
    [0.4, '0 s'],
    [-2, '0 s'],
    [119.4, '119 s'],
    [119.6, '2 min 0 s'],
    [542.256, '9 min 2 s'],
    [7199, '119 min 59 s'],
    [7500, '2 h 5 min'],
  ])('%s seconds are %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

const page = (missing = {}, tables = [tableOfQuery('alerts', [], new Set())], figures = {}) =>
  reportPage({
    window,
    summary: aSummary(figures, missing),
    checks: theChecks(missing),
    tables,
    rosterZone: window.zone,
  });

describe('the page', () => {
  test('has what is not known among its figures, what was set aside with the worst of it', () => {
    const figures = { quarantined: '7', superseded: '2', superseded_worst: 'emergency', clocks_off: '1' };
    expect(textOf(page({}, [], { ...figures, from_unknown_devices: '4' }))).toContain(
      'Records that could not be read 7 Late readings set aside 2, worst: emergency From unregistered devices 4 Devices with a wrong clock 1',
    );
    expect(textOf(page())).toContain(
      'Records that could not be read 0 Late readings set aside 0 From unregistered devices',
    );
  });

  test('begins with the night and the verdict, then what to do, figures, proof, tables', () => {
    expect(textOf(page())).toMatch(
      /^Vigil: the night to Tue 3 Mar 2026 06:00 Mon 2 Mar 2026 06:00 to Tue 3 Mar 2026 06:00 \(Europe\/London\) Nothing was lost, and every alert was answered\. What to do Nothing\. The night in figures Readings archived 1865 .* Is the night fully accounted for\? .* Alerts No alert was opened\./,
    );
  });

  test('shows every check with how many it looked at, and a gap with an example', () => {
    const text = textOf(page(gap));
    expect(text).toContain(
      'NO every alarming reading has an alert, a join or a supersession 9 2 PATIENT#p-7',
    );
    expect(text).toContain('yes every page has an outcome 9 0');
    expect(page(gap)).toContain('<h1 class="bad">');
  });

  test('shows times on the hospital’s clocks, waits as durations, and escapes what comes from devices', () => {
    const row = {
      arrived_at: '2026-07-01 02:12:05.250',
      ward: '<script>alert(1)</script>',
      bed: '4',
      level: 'critical',
      seconds_to_first_page: '0.584',
      seconds_to_acceptance: '200.0',
      seconds_to_recheck: null,
      rounds: '1',
      accepted_by_role: 'nurse',
      ended: 'recovered',
    };
    const html = page({}, [tableOfQuery('alerts', [row], new Set())]);
    expect(textOf(html)).toContain('1 Jul 03:12');
    expect(textOf(html)).toContain('critical 1 s 3 min 20 s nurse - 1 recovered');
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toContain('<script');
  });

  test('says below the proof why it may count more alerts than the night opened', () => {
    expect(textOf(page())).toMatch(
      /9 0 The proof also covers a margin on either side of the night, so it may count more alerts than the night opened\. Alerts/,
    );
  });

  test.each(tableQueries)('%s says when its query may have left some out', (query) => {
    const sql = readFileSync(`sql/${query.replaceAll('_', '-')}.sql`, 'utf8');
    const limit = Number(/\nLIMIT (\d+)\s*$/.exec(sql)?.[1] ?? Number.NaN);
    const rows = (count: number) => Array.from({ length: count }, () => ({ device_id: 'bp-1' }));
    const textWith = (count: number) => textOf(page({}, [tableOfQuery(query, rows(count), new Set())]));
    if (Number.isNaN(limit)) {
      expect(textWith(1000)).not.toContain('the archive.');
      return;
    }
    const note = `Only the first ${limit} are shown; any others are in the archive.`;
    expect(textWith(limit)).toContain(note);
    expect(textWith(limit - 1)).not.toContain('any more');
  });

  test('a device on standby did not fall silent; those on the list count against its length all the same', () => {
    const silent = ['bp-1', 'bp-2'].map((device_id) => ({ device_id, ward: 'ward-001', bed: '4' }));
    const shown = tableOfQuery('silence', silent, new Set(['bp-2', 'bp-3']));
    expect(shown.rows).toEqual([silent[0]]);
    expect(tableOfQuery('suspect', silent, new Set(['bp-2'])).rows).toEqual(silent);
    const all = Array.from({ length: 100 }, () => ({ device_id: 'bp-2' }));
    const text = textOf(page({}, [tableOfQuery('silence', all, new Set(['bp-2']))]));
    expect(text).toContain('Devices that fell silent Only the first 100 are shown');
    expect(text).toContain('Not shown, as they are on standby: 100.');
    expect(textOf(page({}, [shown]))).toContain('Not shown, as they are on standby: 1.');
    expect(textOf(page({}, [tableOfQuery('silence', silent, new Set())]))).not.toContain('Left out');
  });

  test('is self-contained: no scripts, no address of anybody else', () => {
    expect(page()).not.toMatch(/<script|<link|https?:|url\(|@import/);
  });
});

describe('the mail', () => {
  test('is the headline, its numbers and the link', () => {
    const { subject, message } = reportMail(window, aSummary(), link);
    expect(subject).toBe('Vigil: the night to Tue 3 Mar 2026 06:00 - reconciled');
    expect(message).toBe(`Nothing was lost, and every alert was answered.

Readings archived: 1865, critical 157, emergency 10, suspect 12
Could not be read: 0, late and set aside 0
Readings of unregistered devices: 0, devices with a wrong clock 0
Pages sent: 423, could not be mailed 0
Alerts opened: 115, accepted 252, unanswered at first 0, still open 0
To acceptance: half within 58 s, longest 9 min 2 s
Reconciliation: no gaps

The report asks for your PIN:
${link}`);
  });

  test('of a night with gaps says so in the subject, which SNS takes: ASCII, 100 characters at most', () => {
    const { subject, message } = reportMail(window, aSummary({}, gap), link);
    expect(subject).toContain('NOT RECONCILED');
    expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
    expect(message).toContain('alarming readings that nobody was alerted to: 2');
    expect(message).not.toContain('p-7');
  });
});
