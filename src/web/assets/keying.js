// Keying a form: the scan follows the field, Enter takes a value as it was read, and
// what was typed is kept and checked by the server while one goes on.

import { on } from './keys.js';
import { say } from './parts.js';

const form = document.querySelector('[data-keying]');
const desk = document.getElementById('desk');
const save = form.querySelector('[data-save]');
const inputs = () => [...form.querySelectorAll('[data-field]')];

// The box comes to a third of the height of the scan.
function point(input) {
  for (const spot of desk.querySelectorAll('[data-spot]')) spot.hidden = true;
  const page = desk.querySelector(`[data-page="${input.dataset.page}"]`);
  if (!page || !input.dataset.box) return;
  const [x, y, w, h] = input.dataset.box.split(' ').map(Number);
  const { width, height } = page.dataset;
  const spot = page.querySelector('[data-spot]');
  spot.style.left = `${(x / width) * 100}%`;
  spot.style.top = `${(y / height) * 100}%`;
  spot.style.width = `${(w / width) * 100}%`;
  spot.style.height = `${(h / height) * 100}%`;
  spot.hidden = false;
  const at = spot.getBoundingClientRect();
  const view = desk.getBoundingClientRect();
  desk.scrollBy({ top: at.top - view.top - view.height / 3, left: at.left - view.left - view.width / 4 });
}
form.addEventListener('focusin', (event) => {
  if ('field' in event.target.dataset) point(event.target);
});

// Enter: this is right. The next in doubt comes, and in the end the button.
function accept(input) {
  input.classList.replace('doubt', 'sure');
  const all = inputs();
  const rest = all.slice(all.indexOf(input) + 1);
  const next = rest.find((one) => one.matches('.doubt, .bad')) ?? save;
  next.focus();
  next.select?.();
}
form.addEventListener('keydown', (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  if ((event.ctrlKey || event.metaKey) && (event.key === 'Enter' || event.key === 's')) {
    event.preventDefault();
    form.requestSubmit(save);
  } else if (event.key === 'Enter' && !event.shiftKey && 'field' in event.target.dataset) {
    event.preventDefault();
    accept(event.target);
  }
});
addEventListener('keydown', (event) => {
  if (event.defaultPrevented || !(event.ctrlKey || event.metaKey) || event.key !== 's') return;
  event.preventDefault();
  form.requestSubmit(save);
});
on('key-save', () => form.requestSubmit(save));
on('key-next', () => inputs().find((one) => one.matches('.doubt, .bad'))?.focus());

// The draft: the server keeps it and answers with the page, of which the messages count.
let [timer, changed] = [0, false];
const body = () => new URLSearchParams(new FormData(form));
async function keep() {
  changed = false;
  let fetched;
  try {
    const answer = await fetch(form.dataset.draft, { method: 'POST', body: body(), headers: { Accept: 'text/html' } });
    if (!answer.ok) throw new Error();
    fetched = new DOMParser().parseFromString(await answer.text(), 'text/html');
  } catch {
    changed = true;
    return say(form.dataset.offline);
  }
  for (const then of fetched.querySelectorAll('[data-part]')) {
    const now = document.getElementById(then.id);
    if (now) now.replaceWith(document.adoptNode(then));
  }
}
form.addEventListener('input', (event) => {
  event.target.classList.remove('doubt', 'bad');
  event.target.classList.add('sure');
  changed = true;
  clearTimeout(timer);
  timer = setTimeout(keep, 900);
});
form.addEventListener('submit', () => {
  changed = false;
  clearTimeout(timer);
});
addEventListener('pagehide', () => {
  if (changed) fetch(form.dataset.draft, { method: 'POST', body: body(), keepalive: true });
});

const first = inputs().find((one) => one.matches('.bad, .doubt')) ?? inputs()[0];
first?.focus({ preventScroll: true });
first?.select?.();
