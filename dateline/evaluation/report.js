const outcome = document.getElementById("outcome");
const type = document.getElementById("type");
const words = document.getElementById("words");
const count = document.getElementById("count");
const questions = [...document.querySelectorAll(".question")];
const texts = questions.map((question) => question.textContent.toLowerCase());
function show() {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  questions.forEach((question, i) => {
    question.hidden = Boolean(
      (outcome.value && question.dataset.outcome !== outcome.value) ||
      (type.value && question.dataset.type !== type.value) ||
      !wanted.every((word) => texts[i].includes(word)));
    shown += question.hidden ? 0 : 1;
  });
  count.textContent = shown + " of " + questions.length;
}
[outcome, type].forEach((filter) => filter.addEventListener("change", show));
words.addEventListener("input", show);
show();
