// One call for each new message, always on the same element; see live_html.py. What stays the same is not touched.
function adapt(old, made) {
  if (old.nodeType !== made.nodeType || old.nodeName !== made.nodeName || old.childNodes.length !== made.childNodes.length) {
    old.replaceWith(made.cloneNode(true));
    return;
  }
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== made.data) old.data = made.data;
    return;
  }
  for (const { name, value } of [...(made.attributes ?? [])]) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...(old.attributes ?? [])]) if (!made.hasAttribute(name)) old.removeAttribute(name);
  const pairs = [...old.childNodes].map((child, place) => [child, made.childNodes[place]]);
  for (const [child, wanted] of pairs) adapt(child, wanted);
}

export default function ({ data, parentElement }) {
  const place = parentElement.querySelector(".live-html");
  const template = document.createElement("template");
  template.innerHTML = data; // made by our own code, every text of others escaped in it
  const root = document.createElement("div");
  root.append(template.content);
  if (!place.firstChild) place.append(document.createElement("div"));
  adapt(place.firstChild, root);
  for (const box of place.querySelectorAll("[data-focus]")) {
    if (box.shown === box.dataset.focus) continue; // once: the reader may have scrolled since
    box.shown = box.dataset.focus;
    box.scrollLeft = (box.scrollWidth * box.dataset.focus) / Math.max(box.textContent.length, 1) - box.clientWidth / 2;
  }
}
