// What every page shares: rows moved by keys, dialogs, printing, progress, upload.

import { control, on } from './keys.js';
import { poll, say, swap } from './parts.js';
import { suggest } from './suggest.js';
import { takeUploads } from './upload.js';

// Rows. One of them is selected and is the one tab stop of its list.
const ROWS = '[data-rows] tbody tr:not(.grp), [data-rows] > .hit, [data-rows] > li';
const isResult = (row) => row.matches('.hit, li');
const mark = (row) => (isResult(row) ? 'aria-current' : 'aria-selected');
const rows = () => [...document.querySelectorAll(ROWS)];
const selected = () => rows().find((row) => row.getAttribute(mark(row)) === 'true');

function select(row, focus) {
  const before = selected();
  before?.removeAttribute(mark(before));
  before?.removeAttribute('tabindex');
  row.setAttribute(mark(row), 'true');
  row.tabIndex = 0;
  if (!focus) return;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
  preview(row);
}

function move(step) {
  const all = rows();
  if (all.length === 0) return false;
  const at = all.indexOf(selected());
  const row = all[at + step];
  if (row) select(row, true);
  else if (step > 0) document.querySelector('[data-more]')?.click();
}

for (const table of document.querySelectorAll('table[data-rows]')) table.setAttribute('role', 'grid');
const first = rows()[0];
if (first && !selected()) select(first, false);

on('row-next', () => move(1));
on('row-prev', () => move(-1));
on('row-open', () => {
  const link = selected()?.querySelector('a[href]');
  if (!link) return false;
  link.click();
});

// The selected result shows its page at the right.
let wanted = '';
async function preview(row) {
  const address = row.dataset.select;
  if (!address || !document.getElementById('preview')) return;
  wanted = address;
  const fetched = await swap(['preview'], address);
  if (fetched && wanted === address) history.replaceState(null, '', address);
}

const step = (by) => {
  const boxes = [...document.querySelectorAll('#preview .box')];
  if (boxes.length === 0) return false;
  const at = boxes.findIndex((box) => box.classList.contains('cur'));
  const to = (at + by + boxes.length) % boxes.length;
  boxes.forEach((box, i) => (box.className = i === to ? 'box cur' : 'box found'));
  boxes[to].scrollIntoView({ block: 'nearest' });
  say(`${to + 1} / ${boxes.length}`);
};
if (document.getElementById('preview')) {
  on('hit-next', () => step(1));
  on('hit-prev', () => step(-1));
}

// Papers can be added from everywhere; where there is no field for them, the desk has one.
on('add', () => {
  const input = document.querySelector('[data-act="add"]');
  if (!input) return location.assign('/intake');
  input.closest('details')?.setAttribute('open', '');
  input.click();
});

// Dialogs open by themselves as popovers; with scripts they keep the focus inside.
for (const button of document.querySelectorAll('[popovertarget]')) {
  const dialog = document.getElementById(button.getAttribute('popovertarget'));
  button.addEventListener('click', (event) => {
    event.preventDefault();
    if (dialog.open) dialog.close();
    else dialog.showModal();
  });
}
for (const dialog of document.querySelectorAll('dialog')) {
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  if ('open' in dialog.dataset) dialog.showModal();
}
for (const menu of document.querySelectorAll('details.more')) {
  addEventListener('click', (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
}

for (const button of document.querySelectorAll('[data-print]')) button.addEventListener('click', () => print());

// A form is sent once; its button says so until the answer comes.
addEventListener('submit', (event) => {
  if (event.defaultPrevented) return;
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = '1';
  setTimeout(() => delete form.dataset.sent, 4000);
});
addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// A form for one file goes when the file is chosen or dropped.
for (const input of document.querySelectorAll('[data-send]')) {
  input.addEventListener('change', () => input.files.length > 0 && input.form.requestSubmit());
}

for (const section of document.querySelectorAll('[data-poll]')) poll(section.id);
for (const input of document.querySelectorAll('[data-suggest]')) suggest(input);
for (const form of document.querySelectorAll('[data-upload]')) takeUploads(form);

// On a narrow screen the ways to narrow a search are buttons that open one list each.
if (matchMedia('(max-width: 720px)').matches) {
  for (const list of document.querySelectorAll('.fac details')) {
    list.open = false;
    list.name = 'facet';
  }
}

// A refused field is where one goes on.
document.querySelector('.inp.bad')?.focus();
if (control('search') && location.pathname === '/search' && !location.search) control('search').focus();
