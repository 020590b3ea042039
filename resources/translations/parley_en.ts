<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>BarButton</name>
    <message numerus="yes">
        <source>%1, %n new</source>
        <translation>
            <numerusform>%1, %n new</numerusform>
            <numerusform>%1, %n new</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConsentCard</name>
    <message numerus="yes">
        <source>Everybody in this meeting: %n people now.</source>
        <translation>
            <numerusform>Everybody in this meeting: %n person now.</numerusform>
            <numerusform>Everybody in this meeting: %n people now.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>History</name>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n found</numerusform>
            <numerusform>%n found</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minutes</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n people</source>
        <translation>
            <numerusform>%n person</numerusform>
            <numerusform>%n people</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LobbyCard</name>
    <message numerus="yes">
        <source>%n waiting to come in</source>
        <translation>
            <numerusform>%n person waits to come in</numerusform>
            <numerusform>%n people wait to come in</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SidePane</name>
    <message numerus="yes">
        <source>Chat, %n new</source>
        <translation>
            <numerusform>Chat, %n new</numerusform>
            <numerusform>Chat, %n new</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>People, %n</source>
        <translation>
            <numerusform>People, %n</numerusform>
            <numerusform>People, %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Files, %n new</source>
        <translation>
            <numerusform>Files, %n new</numerusform>
            <numerusform>Files, %n new</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TranscriptPane</name>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n found</numerusform>
            <numerusform>%n found</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Go to newest, %n new</source>
        <translation>
            <numerusform>Go to newest, %n new</numerusform>
            <numerusform>Go to newest, %n new</numerusform>
        </translation>
    </message>
</context>
</TS>
