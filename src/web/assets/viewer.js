// The viewer: steps through found words, zooms, shows where a line stands.

import { on } from './keys.js';
import { say } from './parts.js';

const desk = document.getElementById('desk');
const peek = desk.querySelector('[data-peek]');
const page = desk.querySelector('[data-page]');
const bar = desk.querySelector('.hitbar');

// Hits. On this page they are stepped through here; beyond it the server knows.
const onPage = () => [...(page?.querySelectorAll('.box[data-hit]') ?? [])].filter((box) => box.dataset.hit !== '0');

function address(change) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(change)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  return url;
}

function stand(hit) {
  for (const box of onPage()) {
    const here = Number(box.dataset.hit) === hit;
    box.classList.toggle('cur', here);
    box.classList.toggle('found', !here);
  }
  bar.dataset.at = hit;
  bar.querySelector('[data-hit-now]').textContent = hit;
  say(bar.querySelector('[data-hit-say]').textContent);
  history.replaceState(null, '', address({ hit }));
  reveal();
}

function step(by) {
  if (!bar) return false;
  const hit = Number(bar.dataset.at) + by;
  if (hit < 1 || hit > Number(bar.dataset.hits)) {
    // Beyond this document the result goes on.
    const beside = by < 0 ? bar.dataset.before : bar.dataset.behind;
    if (beside) location.assign(beside);
    return;
  }
  if (onPage().some((box) => Number(box.dataset.hit) === hit)) stand(hit);
  else location.assign(address({ hit, p: '' }));
}

// The box comes to a third of the height, so that what follows it can be read.
function reveal() {
  const box = page?.querySelector('.box.cur');
  if (!box) return;
  const scroller = peek.scrollHeight > peek.clientHeight + 4 ? peek : desk;
  const at = box.getBoundingClientRect();
  const view = scroller.getBoundingClientRect();
  scroller.scrollBy({ top: at.top - view.top - view.height / 3 });
  peek.scrollBy({ left: at.left - peek.getBoundingClientRect().left - peek.clientWidth / 3 });
}

on('hit-next', () => step(1));
on('hit-prev', () => step(-1));
for (const link of bar?.querySelectorAll('a') ?? []) {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    step(link.rel === 'next' ? 1 : -1);
  });
}
page?.addEventListener('click', (event) => {
  const box = event.target.closest('.box[data-hit]');
  if (!box) return;
  event.preventDefault();
  stand(Number(box.dataset.hit));
});

// Zoom sets the width of the page; nothing else depends on it.
function zoom(how) {
  if (!page) return false;
  const width = page.getBoundingClientRect().width;
  const full = peek.clientWidth - 6;
  const tall = (desk.clientHeight - 100) * (page.dataset.width / page.dataset.height);
  const to = { in: width * 1.25, out: width / 1.25, width: full, page: tall }[how];
  peek.classList.add('zoomed');
  page.style.width = `${Math.max(160, Math.min(to, full * 6))}px`;
  reveal();
}
for (const button of desk.querySelectorAll('[data-zoom]')) {
  button.addEventListener('click', () => zoom(button.dataset.zoom));
}
on('zoom-in', () => zoom('in'));
on('zoom-out', () => zoom('out'));
on('zoom-width', () => zoom('width'));
on('zoom-page', () => zoom('page'));

// Tabs. All three are in the page; the address remembers which is open.
function open(tab) {
  for (const link of document.querySelectorAll('[data-tab]')) {
    if (link.dataset.tab === tab) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
  for (const panel of document.querySelectorAll('[data-panel]')) panel.hidden = panel.dataset.panel !== tab;
  history.replaceState(null, '', address({ tab: tab === 'fields' ? '' : tab }));
}
for (const link of document.querySelectorAll('[data-tab]')) {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    open(link.dataset.tab);
  });
}
on('provenance', () => open('from'));
on('correct', () => {
  const form = document.querySelector('[data-key-form]');
  if (form) return form.click();
  open('fields');
  document.querySelector('[data-act="correct"]').focus();
});

// A line of text shows its place on the page.
const spot = page?.querySelector('[data-spot]');
function point(line) {
  if (!spot || !line.dataset.spotAt) return;
  const [x, y, w, h] = line.dataset.spotAt.split(' ').map(Number);
  const { width, height } = page.dataset;
  spot.style.left = `${(x / width) * 100}%`;
  spot.style.top = `${(y / height) * 100}%`;
  spot.style.width = `${(w / width) * 100}%`;
  spot.style.height = `${(h / height) * 100}%`;
  spot.hidden = false;
}
for (const line of document.querySelectorAll('[data-spot-at]')) {
  line.addEventListener('pointerenter', () => point(line));
  line.addEventListener('focus', () => {
    point(line);
    spot?.scrollIntoView({ block: 'center' });
  });
}

reveal();
document.querySelector('.thumbs [aria-current]')?.scrollIntoView({ block: 'nearest' });

// The next page and the next document are fetched ahead.
const pageNext = document.querySelector('[data-act="page-next"]');
if (pageNext && page) {
  const number = new URL(pageNext.href).searchParams.get('p');
  new Image().src = page.querySelector('img').src.replace(/page\/\d+\.jpg/, `page/${number}.jpg`);
}
const docNext = document.querySelector('[data-act="doc-next"]');
if (docNext) new Image().src = `${new URL(docNext.href).pathname}/page/1.jpg?w=900`;
