// Binds the keys. The table stands in the help dialog, put there by the server:
// `data-press` says what is pressed, `data-do` which act it is. An act is a
// function registered here, or else the element with that `data-act`.

const acts = new Map();
const bound = new Map();
let prefix = '';
let prefixTimer = 0;

/** Registers what an act does; return false to let the browser go on. */
export function on(act, run) {
  acts.set(act, run);
}

/** The first element of an act that can be used now. */
export function control(act) {
  return [...document.querySelectorAll(`[data-act="${act}"]`)].find(
    (element) => element.checkVisibility() && !element.disabled,
  );
}

function perform(act, event) {
  if (acts.has(act)) return acts.get(act)(event) !== false;
  const element = control(act);
  if (!element) return false;
  if (element.matches('textarea, select, input:not([type=radio], [type=file])')) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
  return true;
}

const isTyping = (target) =>
  target.isContentEditable || target.matches('textarea, select, input:not([type=radio], [type=checkbox], [type=file])');

// Enter and the arrows belong to the thing in focus when it has a use for them.
function isOwn(target, key) {
  if (key === 'Enter') return target.matches('a, button, summary, label');
  return key.startsWith('Arrow') && target.matches('[type=radio]');
}

function press(event) {
  // An input method is choosing a word: the key is not meant for the page.
  if (event.isComposing || event.keyCode === 229) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const layer = document.querySelector('dialog[open], [popover]:popover-open');
  if (layer || isOwn(event.target, event.key)) return;
  if (isTyping(event.target) && event.key !== 'Escape') return;
  const pressed = prefix ? `${prefix} ${event.key}` : event.key;
  const act = bound.get(pressed);
  setPrefix('');
  if (act) {
    if (perform(act, event)) event.preventDefault();
  } else if ([...bound.keys()].some((known) => known.startsWith(`${pressed} `))) {
    setPrefix(pressed);
  }
}

function setPrefix(next) {
  clearTimeout(prefixTimer);
  prefix = next;
  if (next) prefixTimer = setTimeout(() => setPrefix(''), 1500);
}

for (const row of document.querySelectorAll('[data-press]')) {
  for (const pressed of row.dataset.press.split('|')) bound.set(pressed, row.dataset.do);
}
addEventListener('keydown', press);

on('back', () => {
  const open = document.querySelector('details.more[open]');
  if (open) open.open = false;
  else document.activeElement?.blur();
});
