/** The form that asks for a PIN, on every page behind a link. */
import { type Html, html } from './html.ts';

type SignInForm = {
  /** Proves that the form is ours and fresh. */
  token: string;
  /** Who gives the PIN: a field, or a person who is known. */
  who: Html;
  /** The id of the PIN's field: a page may have two forms. */
  pinId: string;
  buttons: Html;
};

/** No browser keeps what is typed: computers of a ward are everybody's. */
export function signInForm({ token, who, pinId, buttons }: SignInForm): Html {
  return html`<form method="post" autocomplete="off">
<input type="hidden" name="token" value="${token}">
${who}
<label for="${pinId}">My PIN (6 digits)</label>
<input id="${pinId}" name="pin" type="password" inputmode="numeric" pattern="[0-9]{6}" maxlength="6" autocomplete="off" required>
${buttons}
</form>`;
}

/** For whoever the page does not name; a form that comes back keeps what was `said`. */
export function whoField(said: string | undefined): Html {
  return html`<label for="clinician">My initials or my ID</label>
<input id="clinician" name="clinician" value="${said ?? ''}" maxlength="64" autocomplete="off" autocapitalize="none" spellcheck="false" required>`;
}
