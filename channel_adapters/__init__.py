"""How a shopper's message arrives and leaves: exported endpoints, the widget, and other channels.

Never here: business decisions, Streamlit or Gradio.
"""
