// The intake desk: a known paper is filed with one key.

import { on } from './keys.js';
import { say, swap } from './parts.js';

const form = document.querySelector('[data-proposal]');
const pile = document.getElementById('pile');

// Uploaded papers join the pile; when the desk was empty it is laid out afresh.
addEventListener('uploaded', async () => {
  if (!pile) return location.assign('/intake');
  await swap(['pile']);
});

// While papers are read the pile is kept fresh. When the paper in hand has been
// read its form comes anew, unless somebody has begun to type.
let typing = false;
form?.addEventListener('input', () => (typing = true));
const inHandIsRead = () => !document.querySelector('#pile > li[aria-current] .st.run');
function watch() {
  if (!document.querySelector('#pile[data-reading]')) return;
  setTimeout(async () => {
    if (!document.hidden) {
      const before = inHandIsRead();
      const fetched = await swap(['pile']);
      if (fetched && !before && inHandIsRead() && !typing) return location.reload();
    }
    watch();
  }, 3000);
}
watch();

const papers = () => [...document.querySelectorAll('#pile > li')];
function go(by) {
  const all = papers();
  const at = all.findIndex((paper) => paper.hasAttribute('aria-current'));
  const link = all[at + by]?.querySelector('a');
  if (!link) return false;
  link.click();
}
on('pile-next', () => go(1));
on('pile-prev', () => go(-1));

// Pages lie one under the other; the keys scroll to the next.
const leaves = [...document.querySelectorAll('[data-leaf]')];
function turn(by) {
  const desk = document.querySelector('[data-pages]');
  const top = desk.getBoundingClientRect().top;
  const at = leaves.findLastIndex((leaf) => leaf.getBoundingClientRect().top - top < 60);
  leaves[Math.max(0, at + by)]?.scrollIntoView({ block: 'start' });
}
on('page-next', () => turn(1));
on('page-prev', () => turn(-1));

on('candidate', (event) => {
  const choice = form?.querySelectorAll('input[name=household]')[Number(event.key) - 1];
  if (!choice) return false;
  choice.checked = true;
  choose(choice);
});

function choose(choice) {
  if (choice.value === '') form.elements.other.focus();
  else say(choice.closest('label').innerText);
}

if (form) {
  for (const choice of form.querySelectorAll('input[name=household]')) {
    choice.addEventListener('change', () => choose(choice));
  }
  // ↵ files the paper, in the title too; with ⇧ it breaks the line.
  form.elements.title.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    form.requestSubmit();
  });
  const all = papers();
  const at = all.findIndex((paper) => paper.hasAttribute('aria-current'));
  all[at]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  // The next paper's page is fetched ahead, so that it stands there at once.
  const next = all[at + 1]?.querySelector('img')?.src;
  if (next) new Image().src = next.replace('w=160', 'w=900');
}
