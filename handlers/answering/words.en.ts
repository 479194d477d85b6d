/**
 * What the pages behind a link say, in English: all that a second language would need beside the names of alerts, their events
 * and the reasons for closing them, which mails have as well (handlers/alert/). `at`, `until`: a time as the hospital's clocks show it.
 */
import type { Alert } from '../alert/alert.ts';
import type { AlertKind } from '../alert/alert-key.ts';
import type { KindWords } from './words.ts';

const going = { accept: 'Accept: I will go', decline: "I can't: page the next person" };

export const wordsByKind: Record<AlertKind, KindWords> = {
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
    lastLevel: 'the ward and the team that runs Vigil are told',
    afterLastLevel: 'the ward and the team that runs Vigil are told again',
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
    lookForAnother: 'Find out why, then confirm.',
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

const andList = new Intl.ListFormat('en-GB');
const telephone =
  'go to the patient if you are nearby, and telephone the ward to say so. Vigil keeps paging until somebody has answered.';
const wrong = 'That name and PIN do not match, so nothing was recorded.';
const nothing = 'Nothing was recorded';

export const pageWords = {
  reference: (reference: string) => `Reference VG ${reference}`,
  /** How an alert stands, and who is asked. */
  standing: {
    since: (beginning: string, at: string) => `${beginning} ${at}.`,
    nobodyYet: 'Nobody has accepted yet.',
    you: 'You',
    aRole: (role: string) => `A ${role}`,
    theRole: (role: string) => `the ${role}`,
    nameAndRole: (name: string, role: string) => `${name} (${role})`,
    acceptedBut: (who: string, at: string, but: string) =>
      `${who} accepted at ${at}, but ${but}, so another answer is needed.`,
    accepted: (who: string, at: string) => `${who} accepted at ${at}.`,
    youRemain: 'You remain responsible until somebody else accepts.',
    passedOn: 'This message has been passed on to the next person. You can still accept.',
    nobodyLeft: (then: string, meanwhile: string) => `Nobody else is left to page: ${then}. ${meanwhile}`,
    people: (count: number) => `${count} people on the ward`,
    waitingFor: (people: string) => `Waiting for an answer from ${people}.`,
    beingPaged: (count: number, people: string) =>
      `The next ${count === 1 ? 'person is' : 'people are'} being paged now: ${people}.`,
    /** `count` people of a role: `2 nurses`. */
    counted: (count: number, role: string) => `${count} ${role}${count === 1 ? '' : 's'}`,
    askedAt: (people: string[], again: boolean, at: string) =>
      `${andList.format(people)}${again ? ' again' : ''} at ${at}`,
    asked: (steps: string[], fromTheBeginning: boolean) =>
      `Asked ${fromTheBeginning ? 'so far' : 'lately'}: ${steps.join('; ')}.`,
    areAsked: (roles: string[]) =>
      `${andList.format(roles.map((role) => `the ${role}`))} ${roles.length === 1 ? 'is' : 'are'} asked`,
    timeIsUp: (then: string) => `The time for an answer is up: ${then} now.`,
    ifNobody: (then: string, at: string, left: string, asOf: string) =>
      `If nobody answers, ${then} at ${at}, in ${left} (as of ${asOf}).`,
    recheckAt: (at: string) => `The recheck is at ${at}.`,
    recheckByYou: (at: string, toDo: string) => `The recheck is at ${at}: please ${toDo} by then.`,
    recheckNow: 'The recheck is under way.',
    ifYou: (toDo: string) =>
      `If that is you, ${toDo}. With your PIN you can see the details, or close the alert.`,
    notYours: 'You do not need to do anything. With your PIN you can see the details, or close the alert.',
    needNotCome: 'You do not need to come.',
    earlier: 'This link is from an earlier message. Things have changed since.',
    earlierToDo:
      'To answer, open the newest message about this reference. With your PIN you can see the details here.',
    earlierInside:
      'To answer, open the newest message about this reference: this link is from an earlier one.',
    youCannot: 'You said that you cannot come.',
  },
  /** Why it asks once more, after "but". */
  askedAgain: {
    page: 'it is not over',
    worse: 'the patient has got worse since',
    moved: 'the patient has been moved since',
    recheck: 'the recheck was still alarming',
    withdrawn: 'the reading behind it has been withdrawn since',
    repeat: 'there has been no usable reading since',
    handedOver: 'a colleague is asked to take over',
    givenBack: 'cannot stay with it',
  } satisfies Record<Alert['round']['asking'], string>,
  form: {
    look: 'See the details',
    lookFirst: 'See the details first',
    someoneElse: 'I am someone else',
    person: (name: string, role: string) => `${name}, ${role}`,
  },
  /** What is said first, after something was tried. */
  notices: {
    formTooOld: 'This page was open for too long, so nothing was recorded. Please answer again.',
    noName: `${nothing}. Enter your initials or your ID, then answer again.`,
    noPin: `${nothing}. Enter all six digits of your PIN, then answer again.`,
    notRead: `${nothing}. Read this page first, then answer again.`,
    sessionOver: 'You are signed out, so nothing was recorded. Please enter your PIN again.',
    noReason: `${nothing}. Choose a reason for closing the alert.`,
    noColleague: `${nothing}. Choose a colleague of the ward.`,
    notOfTheWard: `${nothing}. Your PIN is correct, but this page is for staff of this ward. Call the ward if you can help.`,
    notAReader: 'Your PIN is correct, but reports are open only to doctors, leads and the quality team.',
    signedOut: 'You are signed out. To go on, enter your PIN again.',
    wrong,
    wrongWithTriesLeft: (left: number) =>
      `${wrong} You have ${left === 1 ? 'one try' : `${left} tries`} left before the next person is paged.`,
    noPinUntil: (until: string) => `Too many wrong PINs: no PIN is accepted here until ${until}.`,
    addresseeStillCan:
      'The person who was paged can still answer with their own PIN from the newest message.',
    tryThen: 'Please try again then.',
    tooManyHere: 'Too many wrong PINs on this page. The correct one still works.',
    onlyKnownBrowsers: (until: string) =>
      `Too many wrong PINs: until ${until} a PIN works here only on a phone or computer on which you or a colleague have answered before.`,
    worseSince: (headline: string) =>
      `The patient has got worse since you opened this page, so nothing was recorded. The alert is now: ${headline}. Please answer again.`,
    stillYours: (what: string) =>
      `${nothing}: you have already accepted, and the ${what} is still yours. If you cannot go, ask a colleague to go now, or call the ward.`,
    declined: 'Recorded: you cannot come.',
    takeBack: 'To take that back, open this link again.',
    recorded: 'Recorded.',
    notYoursAnyMore: `${nothing}: you have given this alert up already, or do not have it.`,
    stillResponsible: 'You accepted earlier, so you remain responsible until somebody else accepts.',
    earlierRound: `${nothing}: this link is from an earlier message. Open the newest message about this reference and answer there.`,
  },
  /** Behind the PIN. */
  inside: {
    giveUp: 'Hand over, or give back',
    staysYours: 'It stays yours until somebody else accepts.',
    colleague: 'Colleague',
    chooseColleague: 'Choose a colleague',
    handOver: 'Hand over',
    giveBack: 'Give it back: page the next person',
    close: 'Close the alert',
    reason: 'Reason',
    chooseReason: 'Choose a reason',
    useful: 'Was the alert useful? (if you like)',
    history: 'What has happened',
    signedIn: (name: string) => `Signed in as ${name}, for at most ten minutes.`,
    signOut: 'Sign out',
    ownLimits: (until: string, setBy: string, limits: string[]) =>
      `This patient has limits of their own until ${until}, set by ${setBy}: ${limits.join('; ')} mmHg. Otherwise the ward's limits apply.`,
    below: (mmHg: number) => `below ${mmHg}`,
    orMore: (mmHg: number) => `${mmHg} or more`,
  },
  trend: {
    heading: 'Last readings',
    notShown: 'They cannot be shown at the moment. Please check the monitor, or measure by hand.',
    none: 'There is no trusted reading from this patient yet. Please measure by hand.',
    columns: ['Measured at', 'Pressure (mmHg)', 'Severity'],
    clockDoubted: 'time received: the device’s clock is wrong',
    questionable: 'marked as doubtful by the device',
    arrivedLate: 'arrived late, at',
    picture: (count: number) => `Trend of the last ${count} readings; the table below has the figures`,
  },
  /** Pages that ask for nothing. */
  over: {
    closedTitle: 'Closed',
    youClosed: 'You closed this alert',
    closedBecause: (at: string, reason: string) => `Closed at ${at}: ${reason}.`,
    canClosePage: 'You can close this page.',
    isClosed: 'This alert is closed',
    wasClosed: (at: string | undefined) =>
      `It was closed${at === undefined ? '' : ` at ${at}`}. Nothing more was recorded, and you do not need to do anything.`,
    ifWorried: 'If you are worried, call the ward.',
    earlierTitle: 'Earlier message',
    earlier: 'This link is from an earlier message',
    unknownTitle: 'Not found',
    unknown: 'This link leads nowhere',
    unknownToDo:
      'The link may be incomplete, or older than 30 days. Open the link in the message itself, or call the ward.',
    failedTitle: 'Not answered',
    failed: 'Something went wrong',
    failedToDo: [
      'Your answer may not have been recorded. Go back and answer once more.',
      `If it fails again: ${telephone}`,
    ],
    busyTitle: 'Too many requests',
    busy: 'Too many requests from your network',
    busyToDo: [
      'Nothing was recorded. Wait a minute, then open the link in the message again; or switch to mobile data, which works at once.',
      `If you were asked to see a patient: ${telephone}`,
    ],
  },
};
