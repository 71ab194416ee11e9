// A file that is open for a visitor closes when nobody touches it: with a count at the end, and on the server in any case.

const idle = Number(document.body.dataset.idle) * 1000;
const note = document.querySelector('.k-count');
const form = document.querySelector('[data-end]');
const COUNT = 20;
let touched = Date.now();

for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchstart', 'scroll']) {
  addEventListener(kind, () => (touched = Date.now()), { passive: true });
}

// What was closed is not shown again by the way back.
addEventListener('pageshow', (event) => event.persisted && location.reload());

for (const button of document.querySelectorAll('[data-print]')) button.addEventListener('click', () => print());
addEventListener('contextmenu', (event) => event.preventDefault());

// The server counts requests and not touches, so a page that is read says so from time to time.
let told = Date.now();
function tell() {
  if (touched <= told || Date.now() - told < 30000) return;
  told = Date.now();
  fetch('/counter', { method: 'HEAD' }).then((answer) => answer.redirected && location.replace('/guest/over'), () => {});
}

if (idle > 0 && note && form) {
  setInterval(() => {
    const left = Math.ceil((touched + idle - Date.now()) / 1000);
    note.hidden = left > COUNT;
    note.querySelector('[data-left]').textContent = String(Math.max(left, 0));
    if (left <= 0) form.submit();
    else tell();
  }, 500);
}
