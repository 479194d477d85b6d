/** How a step stands, in words and in the style sheet's classes. */
import { html } from './html.ts';
import type { Standing } from './steps.ts';

export const classOf: Record<Standing, string> = {
  succeeded: 'ok',
  'time out': 'went-on',
  caught: 'caught',
  current: 'now',
  failed: 'bad',
  aborted: 'stopped',
};

export const wordOf: Record<Standing, string> = {
  succeeded: 'succeeded',
  'time out': 'time ran out, went on',
  caught: 'failed, and was caught',
  current: 'in progress',
  failed: 'failed',
  aborted: 'stopped',
};

/** What the colours of the picture mean. */
export const key = html`<p class="key">${Object.entries(wordOf).map(
  ([standing, word]) => html`<span class="tag ${classOf[standing as Standing]}">${word}</span>`,
)}<span class="tag">not visited</span></p>`;
