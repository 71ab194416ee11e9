// Sends many files, a few at a time, each with a row of its own. A file that was
// not answered is not stored: it stays here and goes again when the network is back.

import { say, swap } from './parts.js';

const AT_ONCE = 3;
const AGAIN_AFTER = 5000;

/** Makes a form with `data-upload` take files by choosing and by dropping. */
export function takeUploads(form) {
  const words = form.querySelector('[data-words]').dataset;
  const list = form.querySelector('[data-uploads]');
  const row = form.querySelector('template').content.firstElementChild;
  const input = form.querySelector('input[type=file]');
  const waiting = [];
  let sending = 0;
  let left = 0;

  const add = (files) => {
    for (const file of files) {
      const item = row.cloneNode(true);
      item.querySelector('.name').textContent = file.name;
      item.querySelector('.bar').setAttribute('aria-label', file.name);
      list.append(item);
      waiting.push({ file, item });
      left += 1;
    }
    next();
  };

  const next = () => {
    while (sending < AT_ONCE && waiting.length > 0) {
      sending += 1;
      send(waiting.shift());
    }
  };

  const send = (job) => {
    const body = new FormData();
    body.append('csrf', form.elements.csrf.value);
    body.append('file', job.file);
    const request = new XMLHttpRequest();
    request.open('POST', form.action);
    request.setRequestHeader('Accept', 'application/json');
    request.responseType = 'json';
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) show(job, words.sending, (event.loaded / event.total) * 100);
    };
    request.upload.onload = () => show(job, words.storing, 100);
    request.onerror = () => again(job);
    request.onabort = request.onerror;
    request.onload = () => {
      sending -= 1;
      answered(job, request.status, request.response ?? {});
      next();
    };
    request.send(body);
  };

  const again = (job) => {
    sending -= 1;
    show(job, words.offline, 0);
    setTimeout(() => {
      waiting.push(job);
      next();
    }, AGAIN_AFTER);
  };

  const answered = (job, status, answer) => {
    left -= 1;
    if (status >= 400 || answer.error) {
      show(job, words.refused, null, 'late');
      more(job, [answer.error ?? `${status}`, answer.hint].filter(Boolean).join(' '));
    } else if (answer.duplicate_of) {
      show(job, words.known, null, 'due');
      more(job, answer.message ?? '', `/doc/${answer.duplicate_of}`, words.look);
    } else {
      show(job, words.done, null, 'ok');
      more(job, answer.message ?? '', `/intake?doc=${answer.document}`, words.confirm);
    }
    say(`${job.file.name} ${job.item.querySelector('.say').textContent}`);
    if (left === 0) form.dispatchEvent(new CustomEvent('uploaded', { bubbles: true }));
    else if (left % 10 === 0) swap(['pile']);
  };

  const show = (job, text, percent, state) => {
    const word = job.item.querySelector('.say');
    word.textContent = text;
    word.className = state ? `say st ${state}` : 'say mut';
    const bar = job.item.querySelector('.bar');
    bar.hidden = percent === null;
    if (percent !== null) bar.value = percent;
  };

  const more = (job, text, href, name) => {
    const line = job.item.querySelector('.more');
    line.textContent = text ? `${text} ` : '';
    if (href) {
      const link = document.createElement('a');
      link.href = href;
      link.textContent = name;
      line.append(link);
    }
    line.hidden = false;
  };

  input.addEventListener('change', () => {
    add(input.files);
    input.value = '';
  });
  form.addEventListener('submit', (event) => event.preventDefault());

  // Papers may be dropped anywhere on the page.
  const over = (event) => {
    if (![...(event.dataTransfer?.types ?? [])].includes('Files')) return;
    event.preventDefault();
    form.classList.toggle('over', event.type === 'dragover');
    if (event.type === 'drop') {
      form.closest('details')?.setAttribute('open', '');
      add(event.dataTransfer.files);
    }
  };
  for (const type of ['dragover', 'dragleave', 'drop']) addEventListener(type, over);
  addEventListener('beforeunload', (event) => {
    if (left > 0) event.preventDefault();
  });
}
