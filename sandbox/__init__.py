"""Telegram on this machine: one world of people, chats and messages, for the demo and the tests."""
