/** The keys that do what the buttons do. */

/** @param {{undo: () => void, clear: () => void}} actions */
export function listenToKeys(actions) {
  document.addEventListener("keydown", (event) => {
    const action = actionOf(event);
    if (!action) return;
    actions[action]();
    event.preventDefault();
  });
}

/** @param {KeyboardEvent} event */
function actionOf({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  const command = (ctrlKey || metaKey) && !shiftKey && !altKey;
  if (command && key.toLowerCase() === "z") return "undo";
  const bare = !ctrlKey && !metaKey && !shiftKey && !altKey;
  if (bare && (key === "Escape" || key === "Delete")) return "clear";
  return null;
}
