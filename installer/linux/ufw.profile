[Parley]
title=Parley
description=Meetings on the local network: the page and messages (TCP), sound and pictures (UDP)
ports=7443/tcp|7443/udp
