// Correcting a page: Enter goes from line to line, the page shows where a line
// stands, and a line that was not read is dragged out on it.

import { on } from './keys.js';

const form = document.querySelector('form.proof');
const list = form.querySelector('[data-lines]');
const page = form.querySelector('[data-page]');
const at = page.querySelector('[data-at]');
const drawn = page.querySelector('[data-drag]');
const keep = form.querySelector('button.go');

const lines = () => [...list.querySelectorAll('[data-line]')];
const field = (line) => line.querySelector('input[name=text]');
const tick = (line) => line.querySelector('input[name=checked]');
const boxOf = (line) => line.querySelector('input[name=box]').value.split(' ').map(Number);

function place(rect, [x, y, width, height]) {
  for (const [name, value] of Object.entries({ x, y, width, height })) rect.setAttribute(name, value);
}

// A line that is looked at is shown on the page; one that is changed was looked at.
list.addEventListener('focusin', (event) => {
  const line = event.target.closest('[data-line]');
  if (line) place(at, boxOf(line));
});
list.addEventListener('input', (event) => {
  const line = event.target.closest('[data-line]');
  if (event.target.name === 'text') tick(line).checked = true;
});

// The number of a line is its place in the form, which lines that are added move.
function number() {
  lines().forEach((line, n) => { tick(line).value = n; });
}

// Enter: this line is right. The next in doubt comes, and in the end the button.
list.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.isComposing || event.target.name !== 'text') return;
  event.preventDefault();
  const line = event.target.closest('[data-line]');
  tick(line).checked = true;
  const all = lines();
  const rest = all.slice(all.indexOf(line) + 1);
  const next = event.shiftKey ? all[all.indexOf(line) - 1] : rest.find((one) => !tick(one).checked);
  if (next) {
    field(next).focus();
    next.scrollIntoView({ block: 'center' });
  } else {
    keep.focus();
  }
});

form.querySelector('[data-whole]').addEventListener('change', (event) => {
  if (event.target.checked) for (const line of lines()) tick(line).checked = true;
});

on('correct-keep', () => form.requestSubmit(keep));

// What was typed is not lost by a slip.
let changed = false;
form.addEventListener('input', () => { changed = true; });
form.addEventListener('submit', () => { changed = false; number(); });
addEventListener('beforeunload', (event) => { if (changed) event.preventDefault(); });

// Dragging over the page adds a line there.
function point(event) {
  const seen = page.getBoundingClientRect();
  const [width, height] = [Number(page.dataset.width), Number(page.dataset.height)];
  // The page is drawn whole, in the middle of what it has for it.
  const scale = Math.min(seen.width / width, seen.height / height);
  const left = seen.left + (seen.width - width * scale) / 2;
  const top = seen.top + (seen.height - height * scale) / 2;
  const within = (value, most) => Math.round(Math.min(Math.max(value, 0), most));
  return [within((event.clientX - left) / scale, width), within((event.clientY - top) / scale, height)];
}

let from = null;
const dragged = (to) => [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.abs(from[0] - to[0]), Math.abs(from[1] - to[1])];
page.addEventListener('pointerdown', (event) => {
  if (event.pointerType === 'touch') return;
  from = point(event);
  page.setPointerCapture(event.pointerId);
  event.preventDefault();
});
page.addEventListener('pointermove', (event) => { if (from) place(drawn, dragged(point(event))); });
page.addEventListener('pointerup', (event) => {
  if (!from) return;
  const box = dragged(point(event));
  from = null;
  place(drawn, [0, 0, 0, 0]);
  if (box[2] > 8 && box[3] > 8) add(box);
});

function add(box) {
  const line = form.querySelector('template').content.cloneNode(true).querySelector('[data-line]');
  const [x, y, width, height] = box;
  const tall = height > 2 * width ? 240 : 44;
  const svg = line.querySelector('svg');
  svg.setAttribute('viewBox', box.join(' '));
  svg.setAttribute('width', Math.max(24, Math.round((width * tall) / height)));
  svg.setAttribute('height', tall);
  line.querySelector('input[name=box]').value = box.join(' ');
  const below = lines().find((one) => boxOf(one)[1] > y || (boxOf(one)[1] === y && boxOf(one)[0] > x));
  list.insertBefore(line, below ?? null);
  number();
  field(line).focus();
  changed = true;
}

const first = lines().find((line) => line.classList.contains('due')) ?? lines()[0];
if (first) field(first).focus({ preventScroll: true });
