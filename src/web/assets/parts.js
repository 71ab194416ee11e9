// Fetches a page again and swaps sections of it, so that server and script never
// keep two templates of one thing.

const boxes = new CSSStyleSheet();
document.adoptedStyleSheets.push(boxes);

/** Says a sentence to those who listen. */
export function say(text) {
  const status = document.getElementById('status');
  if (status) status.textContent = text;
}

/** Replaces the sections with these ids by what the address shows there now.
 *  Returns the fetched document, or null when it could not be had. */
export async function swap(ids, address = location.href) {
  let fetched;
  try {
    const answer = await fetch(address, { headers: { Accept: 'text/html' } });
    if (!answer.ok) return null;
    fetched = new DOMParser().parseFromString(await answer.text(), 'text/html');
  } catch {
    return null;
  }
  // The policy allows style blocks of this page's nonce only; a sheet made by
  // script is allowed, and carries the places of the new boxes.
  boxes.replaceSync(fetched.querySelector('style[data-boxes]')?.textContent ?? '');
  for (const id of ids) {
    const now = document.getElementById(id);
    const then = fetched.getElementById(id);
    if (now && then) now.replaceWith(document.adoptNode(then));
  }
  return fetched;
}

/** Keeps a section fresh while it carries `data-poll` (seconds); when the work
 *  behind it has ended, the page is loaded again. */
export function poll(id) {
  const section = document.getElementById(id);
  if (!section?.dataset.poll) return;
  setTimeout(async () => {
    if (!document.hidden) {
      const fetched = await swap([id]);
      if (fetched && !fetched.getElementById(id)?.dataset.poll) return location.reload();
    }
    poll(id);
  }, Number(section.dataset.poll) * 1000);
}
