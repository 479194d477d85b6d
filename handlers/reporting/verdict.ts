/** What a night's figures mean, in words: was it safe, and what is to be done. */
import { DateTime } from 'luxon';
import { mostSeconds } from '../timings/worst-case.ts';
import type { Summary } from './summary.ts';
import { unknowns } from './unknowns.ts';
import type { ReportWindow } from './window.ts';

/** The longest waits for a person or an alarm that were too long, emergencies' first. */
export function waitsTooLong({
  secondsToPersonOrAlarm,
  secondsToPersonOrAlarmEmergency,
}: Pick<Summary, 'secondsToPersonOrAlarm' | 'secondsToPersonOrAlarmEmergency'>): LongWait[] {
  const longest: LongWait[] = [
    { of: 'an emergency', seconds: secondsToPersonOrAlarmEmergency.max ?? 0, most: mostSeconds.emergency },
    { of: 'an alert', seconds: secondsToPersonOrAlarm.max ?? 0, most: mostSeconds.critical },
  ];
  return longest.filter(({ seconds, most }) => seconds > most);
}
type LongWait = { of: 'an emergency' | 'an alert'; seconds: number; most: number };

/** `an alert`, `2 alerts`. */
function counted(count: number, one: string, several: string): string {
  return count === 1 ? one : `${count} ${several}`;
}

/** What became of the alerts, and how that goes on from "Nothing was lost". */
function ending(summary: Summary): [link: string, what: string] {
  const { unanswered, openAtEnd } = summary;
  if (unanswered > 0) return [', but ', `${counted(unanswered, 'an alert', 'alerts')} went unanswered`];
  const [late] = waitsTooLong(summary);
  if (late) return [', but ', `${late.of} waited too long for a person or an alarm`];
  if (openAtEnd > 0) return ['; ', `${counted(openAtEnd, 'an alert is', 'alerts are')} still open`];
  return [', and ', 'every alert was answered'];
}

/** The night in a sentence, or two: that nothing was lost is said only where everything is known. */
export function headline(summary: Summary): string {
  if (!summary.reconciled) return 'This night is not fully accounted for: the archive has gaps.';
  const [link, what] = ending(summary);
  const unknown = unknowns(summary).map(({ said }) => said);
  if (unknown.length === 0) return `Nothing was lost${link}${what}.`;
  return `Not everything is known: ${unknown.join('; ')}. ${what.charAt(0).toUpperCase()}${what.slice(1)}.`;
}

/** True when nobody has to be asked why. */
export function isGood(summary: Summary): boolean {
  const { reconciled, unanswered } = summary;
  return (
    reconciled && unanswered === 0 && waitsTooLong(summary).length === 0 && unknowns(summary).length === 0
  );
}

/** What somebody should do this morning, most urgent first. */
export function actions(summary: Summary): string[] {
  const { gaps, unanswered, openAtEnd, technicalOpenAtEnd } = summary;
  return [
    ...gaps.map((gap) => `Investigate (see the runbook): ${gap}.`),
    ...(unanswered > 0
      ? [`Ask why nobody answered ${counted(unanswered, 'an alert', 'alerts')} at first.`]
      : []),
    ...waitsTooLong(summary).map(
      ({ of, seconds, most }) =>
        `Ask what held ${of} up; the longest wait: ${duration(seconds)}, the limit is ${most / 60} min.`,
    ),
    ...(openAtEnd > 0
      ? [`See to ${counted(openAtEnd, 'an alert that was', 'alerts that were')} still open.`]
      : []),
    ...unknowns(summary).map(({ action }) => action),
    ...(technicalOpenAtEnd > 0
      ? [
          `See to ${counted(technicalOpenAtEnd, 'a technical alert of a device that was', 'technical alerts of devices that were')} still open.`,
        ]
      : []),
  ];
}

/** What to do when the roster is on other clocks than the stage: shifts change by the one, the night ends by the other. */
export function zoneActions({ zone }: Pick<ReportWindow, 'zone'>, rosterZone: string | undefined): string[] {
  if (rosterZone === zone) return [];
  if (rosterZone === undefined)
    return [
      `Tell operations: the roster could not be read, so its clocks were not compared with those of this report (${zone}).`,
    ];
  return [`Tell operations: the roster is on the clocks of ${rosterZone}, this report on those of ${zone}.`];
}

/** `12 s`, `3 min 20 s`, `2 h 5 min`; a dash where nothing was measured. Below 0 two clocks differ, and it is none. */
export function duration(seconds: number | null): string {
  if (seconds === null) return '-';
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  if (whole < 120) return `${whole} s`;
  return minutes < 120
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** An instant on the hospital's clocks, e.g. `Tue 3 Mar 2026 06:00`. */
export function localTime(instant: string, { zone }: Pick<ReportWindow, 'zone'>): string {
  return DateTime.fromISO(instant, { zone, locale: 'en-GB' }).toFormat('ccc d LLL yyyy HH:mm');
}
