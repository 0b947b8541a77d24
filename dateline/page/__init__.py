"""The chat page's HTML, made without Gradio: everything that an article, a model or a visitor wrote is escaped here."""
