
// Filters the list of operations while somebody types. Without this script the list is whole.
const input = document.querySelector("#filter");
const count = document.querySelector("#filter-count");
const rows = [...document.querySelectorAll("#operations tr")];
const texts = rows.map((row) => {
  const name = row.querySelector("th");
  return `${name.textContent} ${name.dataset.about}`.toLowerCase();
});

function show() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  rows.forEach((row, index) => {
    row.hidden = !words.every((word) => texts[index].includes(word));
    shown += row.hidden ? 0 : 1;
  });
  count.textContent = told(words.length, shown);
  const fragment = words.length ? `#filter=${encodeURIComponent(input.value)}` : location.pathname;
  history.replaceState(null, "", fragment);
}

function told(filtered, shown) {
  if (!filtered) return rows.length === 1 ? "1 operation" : `${rows.length} operations`;
  return shown ? `${shown} of ${rows.length}` : "No operation matches. Try fewer or shorter words.";
}

function read() {
  const found = /^#filter=(.*)$/.exec(location.hash);
  input.value = found ? decodeURIComponent(found[1]) : "";
  show();
}

input.addEventListener("input", show);
window.addEventListener("hashchange", read);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && event.target !== input && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    input.focus();
  }
});
input.closest("[hidden]").hidden = false;
read();
