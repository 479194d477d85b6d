/** What each language has to say of the kinds of alerts (words.en.ts). */

/** What is said of an alert by whose it is. */
export type KindWords = {
  /** The two answers. */
  accept: string;
  decline: string;
  /** What whoever is asked is to do. */
  look: string;
  /** The same of somebody who is asked in another's place, where that is something else. */
  lookForAnother?: string;
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
