/** A second language is a file: whatever the pages say that is not in words.en.ts is said by mails too, or stands on every page. */
import { expect, test, vi } from 'vitest';
import { anOwnedAlert, aPagedAlert } from '../alert/builders.ts';
import { open, submit, textOf } from './browser.ts';
import { aPageStory, doctor, link, nurse, pass, wrongPin } from './page-story.ts';

/** Each text, and whatever makes one, in a language that has one word. */
function inAnotherLanguage(words: unknown): unknown {
  if (typeof words === 'string') return '§';
  if (typeof words === 'function') return () => '§';
  if (Array.isArray(words)) return words.map(inAnotherLanguage);
  return Object.fromEntries(
    Object.entries(words as object).map(([name, text]) => [name, inAnotherLanguage(text)]),
  );
}

vi.mock(import('../../../handlers/answering/words.en.ts'), async (original) => {
  const { pageWords, wordsByKind } = await original();
  return {
    pageWords: inAnotherLanguage(pageWords) as typeof pageWords,
    wordsByKind: inAnotherLanguage(wordsByKind) as typeof wordsByKind,
  };
});

const story = aPageStory();

/** Alerts, their events and the reasons for closing them, as mails have them; and the frame of every page. */
const saidElsewhere = [
  /CRITICAL blood pressure( - Vigil)?/,
  /ward-001 bed 4/,
  /Heron Ward/,
  /Blood pressure outside the ward's critical limits\./,
  /My initials or my ID/,
  /My PIN \(6 digits\)/,
  /Vigil only notifies\. The patient and the ward come first; use your own clinical judgement\./,
  /A reading raised the alert \(critical\)|(Amara Whitlock|Dr Elias Brandreth) (accepted|could not come|gave it back)/,
  /Too many wrong PINs on the page for Amara Whitlock, so it was passed on/,
  /seen and measured by hand|transferred|theatre|comfort care|died|device removed/,
  /Yes, something was done|Nothing was needed|The measurement was wrong/,
  /\b(critical|normal|Vigil)\b/,
];

/** What of a page is still English. */
function english(html: string): string {
  return saidElsewhere
    .reduce((text, known) => text.replaceAll(new RegExp(known, 'g'), ''), textOf(html))
    .replace(/[^A-Za-z]+/g, ' ')
    .trim();
}

test('every page, before the PIN and after it, is in the language of the file', async () => {
  const asking = await open(link);
  const inside = await submit(link, asking, 'show', nurse);
  const wrong = await wrongPin();
  const accepted = await submit(link, asking, 'accept', nurse);
  const late = await submit(link, asking, 'decline', doctor);
  const handedOver = await submit(link, accepted, 'give-back');
  const earlier = await open(link);
  story.put(anOwnedAlert());
  const owned = await open(link);
  const noReason = await submit(link, inside, 'close');
  story.put(aPagedAlert());
  const closed = await submit(link, inside, 'close', { reason: 'transferred' });
  const over = await open(link);
  pass(3 * 3600);
  story.put(aPagedAlert());
  const tooOld = await submit(link, asking, 'accept', nurse);
  const unknown = await open('b'.repeat(22));
  const pages = { asking, inside, wrong, accepted, late, handedOver, earlier, owned, noReason, closed, over };
  const left = Object.entries({ ...pages, tooOld, unknown }).map(([page, { html }]) => [page, english(html)]);
  expect(left.filter(([, text]) => text !== '')).toEqual([]);
});
