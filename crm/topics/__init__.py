"""Clients as topics of the team's forum: what a topic lacks is found by comparing the vault with what was posted there.

`scanning` notes what concerns a group, `telling` gives out what is to be said, `looks` what topics are called and show,
`writing` takes what members write there. `bot.topics` asks for one thing after the other, as fast as Telegram lets it.
"""
