// Run once by the conversation's component: `element` holds it, `trigger` tells the server. Markers lead to quotations,
// examples ask, verdicts are handed in. Everything listens on the component, whose inside is redrawn with each answer.

const wide = window.matchMedia("(min-width: 1000px)");

function lead(turn, number) {
  const anchor = document.getElementById(`quote-${turn}-${number}`);
  if (!anchor) return false;
  const mark = anchor.parentElement.querySelector(`mark[data-quotes~="${number}"]`) || anchor;
  document.querySelectorAll("mark.led").forEach((one) => one.classList.remove("led"));
  document.querySelectorAll(`#sources .passage mark[data-quotes~="${number}"]`).forEach((one) => one.classList.add("led"));
  mark.scrollIntoView({ block: "center" });
  anchor.focus({ preventScroll: true });
  return true;
}

// The sources of an earlier answer come from the server; they are there when its anchor is.
function leadWhenThere(turn, number) {
  if (lead(turn, number)) return;
  trigger("show", { turn });
  const panel = document.getElementById("sources");
  const watching = new MutationObserver(() => lead(turn, number) && watching.disconnect());
  watching.observe(panel, { childList: true, subtree: true, attributes: true });
  setTimeout(() => watching.disconnect(), 5000);
}

// Without https a page has no clipboard of its own, and copies what is selected.
async function copy(button) {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const held = document.body.appendChild(document.createElement("textarea"));
    held.value = text;
    held.select();
    document.execCommand("copy");
    held.remove();
    button.focus();
  }
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy"), 2000);
}

element.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  const turn = Number(on("[data-turn]")?.dataset.turn);
  if (on("[data-number]")) {
    event.preventDefault();
    leadWhenThere(turn, Number(on("[data-number]").dataset.number));
  } else if (on("[data-example]")) {
    trigger("example", { question: on("[data-example]").textContent });
  } else if (on("[data-copy]")) {
    copy(on("[data-copy]"));
  } else if (on("[data-show]")) {
    trigger("show", { turn });
    if (!wide.matches) document.getElementById("sources").scrollIntoView();
  } else if (on("[data-right]")) {
    const button = on("[data-right]");
    if (button.dataset.right === "yes") return trigger("verdict", { turn, right: true, should: "" });
    const form = document.getElementById(`should-${turn}`);
    form.hidden = !form.hidden;
    button.setAttribute("aria-expanded", String(!form.hidden));
    if (!form.hidden) form.querySelector("input").focus();
  }
});

element.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  trigger("verdict", { turn: Number(form.dataset.turn), right: false, should: form.querySelector("input").value });
});

// A new question comes to the top and its answer grows below it, until the reader scrolls elsewhere.
let turns = 0;
let following = false;
for (const kind of ["wheel", "touchmove", "keydown"]) element.addEventListener(kind, () => (following = false), { passive: true });

// Who has a keyboard can type at once, and again when an answer is there: "Ask" was hidden under the hand that chose it.
function ready() {
  const box = document.querySelector("#question textarea");
  if (!box?.isConnected || !box.offsetParent) return requestAnimationFrame(ready); // the page is still being put together
  if (wide.matches && document.activeElement === document.body) box.focus({ preventScroll: true });
}
ready();

watch("value", () => {
  const all = element.querySelectorAll(".turn");
  const latest = all[all.length - 1];
  if (all.length !== turns) following = true;
  turns = all.length;
  if (latest?.ariaBusy !== "true") setTimeout(ready);
  if (!latest || !following) return;
  const frame = document.getElementById("conversation");
  if (wide.matches) frame.scrollTop += latest.getBoundingClientRect().top - frame.getBoundingClientRect().top;
  else latest.scrollIntoView({ block: "start" });
  following = latest.getAttribute("aria-busy") === "true";
});
