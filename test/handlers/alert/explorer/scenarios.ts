/** What is searched: how much of each kind of thing may happen. Fine ones are cut off, coarse ones are searched to their end. */
import type { Timings } from '../../../../handlers/timings/timings.ts';
import type { Budget } from './world.ts';

const timings: Timings = {
  critical: {
    nurseSeconds: [30, 60, 90],
    doctorSeconds: [200],
    leadSeconds: [45, 45],
    everyoneAgainSeconds: 300,
    recheckSeconds: 600,
  },
  emergency: {
    nurseSeconds: [90],
    doctorSeconds: [40, 50],
    leadSeconds: [30, 30, 30],
    everyoneAgainSeconds: 120,
    recheckSeconds: 180,
  },
};

const operations = { hasOperations: true, isCoarse: true };

export const scenarios = {
  /** One reading under every kind of fault. */
  faults: { readings: ['critical', 'normal'], ticks: 6, answers: 2, kills: 1, deaths: 1, losses: 1 },
  /** It gets worse while executions come and go. */
  worsening: { readings: ['critical', 'emergency'], ticks: 4, answers: 1, kills: 1, losses: 1 },
  /** Mail is refused, or has to wait, or its sender dies; an emergency asks two people at once. */
  mails: { readings: ['critical'], ticks: 6, answers: 1, mailTroubles: 2, deaths: 1 },
  mailsToTwo: { readings: ['emergency'], ticks: 4, answers: 2, mailTroubles: 2, deaths: 1 },
  /** Four readings of one patient. */
  four: { readings: ['suspect-critical', 'critical', 'emergency', 'critical'], ticks: 1, answers: 1 },
  /** The whole way: answered, rechecked, asked again, closed. */
  answered: { readings: ['critical', 'emergency', 'normal'], ticks: 1, answers: 1, isCoarse: true },
  again: { readings: ['critical'], ticks: 2, answers: 2, isCoarse: true },
  /** Two are asked and one answers, or it is closed: the other is told, whatever dies, waits or comes too late. */
  stoodDown: { readings: ['emergency'], ticks: 2, answers: 1, kills: 1, deaths: 1, isCoarse: true },
  givesWay: { readings: ['emergency'], ticks: 1, answers: 1, mailTroubles: 1, delays: 1, isCoarse: true },
  /** Whom no mail gets through to for a quarter of an hour is let go. */
  letGo: { readings: ['emergency'], ticks: 2, answers: 1, delays: 1, isCoarse: true },
  /** The operations are called with everyone: again and again, while one of them takes a call; or when whoever had it gives it back. */
  called: { readings: ['emergency'], ticks: 2, ...operations, acknowledgements: 1 },
  calledAgain: { readings: ['emergency'], ticks: 0, ...operations, answers: 3, givingUps: 1, deaths: 1 },
  /** It is over, and the patient alarms again before their pager has heard of that. */
  alarmsAgain: { readings: ['emergency', 'critical'], ticks: 0, ...operations, answers: 2, delays: 1 },
  /** An owner hands it over, or gives it back. */
  givenUp: { readings: ['critical'], ticks: 1, answers: 3, givingUps: 1, isCoarse: true },
  givenUpAndWorse: {
    readings: ['critical', 'emergency'],
    ticks: 0,
    answers: 2,
    givingUps: 1,
    isCoarse: true,
  },
  recovered: {
    readings: ['suspect-critical', 'normal', 'critical, earlier'],
    ticks: 1,
    answers: 1,
    isCoarse: true,
  },
  /** A device that had no connection delivers what it held back, with a newer reading or without one. */
  heldBack: { readings: ['critical', 'normal', 'critical, heldBack'], ticks: 2, answers: 1, isCoarse: true },
  /** It gets clearly worse within its level. */
  further: { readings: ['critical', 'critical, further', 'normal'], ticks: 1, answers: 1, isCoarse: true },
  /** What alarmed is withdrawn, and something else alarms; what was good is withdrawn. */
  withdrawn: {
    readings: ['critical', 'critical, withdrawn', 'critical'],
    ticks: 1,
    answers: 1,
    isCoarse: true,
  },
  goodWithdrawn: {
    readings: ['critical', 'normal', 'normal, withdrawn'],
    ticks: 2,
    answers: 1,
    isCoarse: true,
  },
  recheck: { readings: ['critical', 'normal', 'critical'], ticks: 2, answers: 1, isCoarse: true },
  /** The hospital waits otherwise: shorter and longer, with more attempts and fewer, and an emergency comes on any of them. */
  timed: { readings: ['critical', 'emergency'], ticks: 3, isCoarse: true, timings },
} satisfies Record<string, Partial<Budget>>;

export type Scenario = keyof typeof scenarios;
