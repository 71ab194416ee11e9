// What may be meant, below the search field while somebody types. Only an aid:
// without it the field searches as always.

/** Shows suggestions for a field; `data-suggest` is where they come from. */
export function suggest(input) {
  let asked = 0;
  let timer = 0;
  const form = input.form;
  const list = () => form.querySelector('.suggest');
  const links = () => [...(list()?.querySelectorAll('a') ?? [])];
  const close = () => list()?.remove();

  async function ask() {
    const turn = ++asked;
    const typed = input.value.trim();
    let part = null;
    try {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(typed)}`, {
        headers: { Accept: 'text/html' },
      });
      if (answer.ok) part = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('.suggest');
    } catch {
      // The connection is gone: nothing is suggested.
    }
    // Whoever typed on, or left, is not answered any more.
    if (turn !== asked || !form.contains(document.activeElement)) return;
    close();
    if (part?.childElementCount) form.append(document.adoptNode(part));
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  };
  // What an input method is still composing is not typed yet.
  input.addEventListener('input', (event) => event.isComposing || soon());
  input.addEventListener('compositionend', soon);
  input.addEventListener('focus', () => list() ?? (input.value.trim() ? null : soon()));
  form.addEventListener('submit', () => asked++);

  form.addEventListener('keydown', (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape' && list()) {
      asked++;
      // First the focus: an element that has it does not go quietly.
      input.focus();
      close();
      return event.stopPropagation();
    }
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = links();
    if (!by || all.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const to = all.indexOf(document.activeElement) + by;
    if (to < 0) input.focus();
    else all[Math.min(to, all.length - 1)].focus();
  });
  // A field that is chosen is gone on with: only its name is known yet.
  form.addEventListener('click', (event) => {
    const chosen = event.target.closest('.suggest a[data-fill]');
    if (!chosen) return;
    event.preventDefault();
    asked++;
    input.value = chosen.dataset.fill;
    input.focus();
    close();
  });
  form.addEventListener('focusout', (event) => form.contains(event.relatedTarget) || close());
}
