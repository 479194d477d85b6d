/** What the pages say of an alert by whose it is: a patient's, a device's, a drill's, or a check-in's. */
import type { Alert } from '../alert/alert.ts';
import { type AlertKind, alertKindOf } from '../alert/alert-key.ts';

type KindWords = {
  /** The two answers. */
  accept: string;
  decline: string;
  /** What whoever has it answers for. */
  what: string;
  /** What whoever reads it can do meanwhile. */
  ifNearby: string;
  /** What whoever has it is to do, after "please". */
  toDo: string;
  /** What becomes of it when nobody else is left to page. */
  nobodyLeft: string;
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
    what: 'patient',
    ifNearby: 'If you are nearby, go to the patient.',
    toDo: 'have the pressure measured again',
    nobodyLeft: 'everyone on the ward will be paged again in about a minute',
    untilWhen:
      'Vigil keeps paging until the alert is closed or the readings are back within the limits. After that, the next alarming reading opens a new alert.',
    opensNext: 'The next alarming reading from this patient opens a new alert.',
    ifAgain: "If the patient's readings alarm again, a new message will be sent.",
    anotherIsOpen: 'The patient has an open alert: open the newest message, or go to the patient.',
  },
  device: {
    ...going,
    what: 'device',
    ifNearby: 'If you are nearby, go to the device.',
    toDo: 'have the device measure again',
    nobodyLeft: 'the lead and the operations will be told again later',
    untilWhen:
      'Vigil keeps asking until the alert is closed or the device sends a good reading. After that, a new fault, or the same one a day later, opens a new alert.',
    opensNext: 'A fault after its next good reading, or the same one a day later, opens a new alert.',
    ifAgain: 'If the device fails again, a new message will be sent.',
    anotherIsOpen: 'The device has an open alert: open the newest message, or go to the device.',
  },
  drill: {
    ...going,
    what: 'drill',
    ifNearby: 'It is a drill: there is no patient to go to.',
    toDo: 'close this page',
    nobodyLeft: 'the drill ends without an answer',
    untilWhen: 'The drill ends when somebody accepts, or when everyone has been asked.',
    opensNext: 'The drill is over.',
    ifAgain: 'Thank you for taking part.',
    anotherIsOpen: 'Another drill has begun: open the newest message.',
  },
  checkIn: {
    accept: 'Confirm',
    decline: "I can't: tell the next person",
    what: 'check-in',
    ifNearby: 'There is no patient to go to.',
    toDo: 'close this page',
    nobodyLeft: 'the team that runs Vigil is told',
    untilWhen: 'Half an hour after the shift began, the team that runs Vigil is told.',
    opensNext: 'The check-in is over.',
    ifAgain: 'You are asked again when your next shift begins.',
    anotherIsOpen: 'Another check-in is open: open the newest message.',
  },
};

export function kindWords({ pk }: Pick<Alert, 'pk'>): KindWords {
  return words[alertKindOf(pk)];
}
