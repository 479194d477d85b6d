/** What the pages say of an alert by whose it is: a patient's, a device's, a drill's, or a check-in's. */
import type { Alert } from '../alert/alert.ts';
import { type AlertKind, alertKindOf } from '../alert/alert-key.ts';
import { asksWhoBegan } from '../alert/check-in.ts';

type KindWords = {
  /** The two answers. */
  accept: string;
  decline: string;
  /** What whoever is asked is to do. */
  look: string;
  /** What whoever has it answers for. */
  what: string;
  /** What whoever reads it can do meanwhile. */
  ifNearby: string;
  /** What whoever has it is to do, after "please". */
  toDo: string;
  /** What becomes of it when nobody else is left to page. */
  nobodyLeft: string;
  /** What follows the last of the levels, and what follows when that has not helped either. */
  lastLevel: string;
  afterLastLevel: string;
  untilWhen: string;
  /** On the page of one that is closed. */
  opensNext: string;
  ifAgain: string;
  /** On a page of an earlier one, while another is open. */
  anotherIsOpen: string;
};

const going = { accept: 'Accept: I will go', decline: "I can't: page the next person" };

const words: Record<AlertKind, KindWords> = {
  patient: {
    ...going,
    look: 'Look, repeat the measurement, answer.',
    what: 'patient',
    ifNearby: 'If you are nearby, go to the patient.',
    toDo: 'have the pressure measured again',
    nobodyLeft: 'everyone on the ward will be paged again in about a minute',
    lastLevel: 'everyone on the ward is asked',
    afterLastLevel: 'everyone on the ward is asked again',
    untilWhen:
      'Vigil keeps paging until the alert is closed or the readings are back within the limits. After that, the next alarming reading opens a new alert.',
    opensNext: 'The next alarming reading from this patient opens a new alert.',
    ifAgain: "If the patient's readings alarm again, a new message will be sent.",
    anotherIsOpen: 'The patient has an open alert: open the newest message, or go to the patient.',
  },
  device: {
    ...going,
    look: 'Look at the device, have it measure again, answer.',
    what: 'device',
    ifNearby: 'If you are nearby, go to the device.',
    toDo: 'have the device measure again',
    nobodyLeft: 'the lead and the team that runs Vigil will be told again later',
    lastLevel: 'the lead and the team that runs Vigil are told',
    afterLastLevel: 'the lead and the team that runs Vigil are told again',
    untilWhen:
      'Vigil keeps asking until the alert is closed or the device sends a good reading. After that, a new fault, or the same one a day later, opens a new alert.',
    opensNext: 'A fault after its next good reading, or the same one a day later, opens a new alert.',
    ifAgain: 'If the device fails again, a new message will be sent.',
    anotherIsOpen: 'The device has an open alert: open the newest message, or go to the device.',
  },
  drill: {
    ...going,
    look: 'Only answer.',
    what: 'drill',
    ifNearby: 'It is a drill: there is no patient to go to.',
    toDo: 'close this page',
    nobodyLeft: 'the drill ends without an answer',
    lastLevel: 'everyone on the ward is asked',
    afterLastLevel: 'the drill ends',
    untilWhen: 'The drill ends when somebody accepts, or when everyone has been asked.',
    opensNext: 'The drill is over.',
    ifAgain: 'Thank you for taking part.',
    anotherIsOpen: 'Another drill has begun: open the newest message.',
  },
  checkIn: {
    accept: 'Confirm',
    decline: "I can't: tell the next person",
    look: 'Only confirm.',
    what: 'check-in',
    ifNearby: 'There is no patient to go to.',
    toDo: 'close this page',
    nobodyLeft: 'the team that runs Vigil is told',
    lastLevel: 'the team that runs Vigil is told',
    afterLastLevel: 'the team that runs Vigil is told',
    untilWhen: 'Half an hour after the shift began, the team that runs Vigil is told.',
    opensNext: 'The check-in is over.',
    ifAgain: 'You are asked again when your next shift begins.',
    anotherIsOpen: 'Another check-in is open: open the newest message.',
  },
};

export function kindWords({ pk }: Pick<Alert, 'pk'>): KindWords {
  return words[alertKindOf(pk)];
}

/** What whoever is asked is to do: of a check-in, who began the shift has less to do than who is asked in their place. */
export function whatToDo(alert: Pick<Alert, 'pk' | 'step'>): string {
  const isOfAnother = alertKindOf(alert.pk) === 'checkIn' && !asksWhoBegan(alert);
  return isOfAnother ? 'Find out why, then confirm.' : kindWords(alert).look;
}
