<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>About</name>
    <message>
        <source>Parley %1</source>
        <translation>Parley %1</translation>
    </message>
    <message>
        <source>Meetings on your own network, without a cloud. Apache License 2.0.</source>
        <translation>在您自己的网络上开会，无需云服务。Apache License 2.0。</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>数据文件夹</translation>
    </message>
    <message>
        <source>Copy the path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Help from others</source>
        <translation>寻求帮助</translation>
    </message>
    <message>
        <source>A report for whoever helps you</source>
        <translation>给帮助您的人的报告</translation>
    </message>
    <message>
        <source>What this computer can do and what is missing, versions and sizes. No names, no keys, no words of a meeting.</source>
        <translation>这台电脑能做什么、缺少什么，以及版本和大小。不含姓名、密钥或会议内容。</translation>
    </message>
    <message>
        <source>Save a report</source>
        <translation>保存报告</translation>
    </message>
    <message>
        <source>Check for updates</source>
        <translation>检查更新</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>请稍候…</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>许可证</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
</context>
<context>
    <name>BarButton</name>
    <message numerus="yes">
        <source>%1, %n new</source>
        <translation>
            <numerusform>%1，%n 条新消息</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CaptionBar</name>
    <message>
        <source>Captions appear here when somebody speaks.</source>
        <translation>有人发言时，字幕会显示在这里。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1, in English: %2</source>
        <translation>%1（英文）：%2</translation>
    </message>
    <message>
        <source>%1 s late</source>
        <translation>延迟 %1 秒</translation>
    </message>
    <message>
        <source>Live captions</source>
        <translation>实时字幕</translation>
    </message>
</context>
<context>
    <name>CaptionSettings</name>
    <message>
        <source>Captions look like this.</source>
        <translation>字幕会这样显示。</translation>
    </message>
    <message>
        <source>Caption size</source>
        <translation>字幕大小</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Smaller captions</source>
        <translation>缩小字幕</translation>
    </message>
    <message>
        <source>Larger captions</source>
        <translation>放大字幕</translation>
    </message>
    <message>
        <source>The language that I speak</source>
        <translation>我说的语言</translation>
    </message>
    <message>
        <source>Guessed from what is said</source>
        <translation>根据发言判断</translation>
    </message>
    <message>
        <source>Small models often hear Mandarin wrong. Whoever hosts can choose whisper-small or a larger one, best on a computer with a graphics card.</source>
        <translation>小模型常常听错普通话。主持人可以选用 whisper-small 或更大的模型，最好在有显卡的电脑上。</translation>
    </message>
    <message>
        <source>Also in English what others say in their own language</source>
        <translation>他人用其他语言说的话同时显示英文</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>As the window</source>
        <translation>与窗口相同</translation>
    </message>
    <message>
        <source>White on black</source>
        <translation>黑底白字</translation>
    </message>
    <message>
        <source>Yellow on black</source>
        <translation>黑底黄字</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Below the pictures</source>
        <translation>画面下方</translation>
    </message>
    <message>
        <source>Above the pictures</source>
        <translation>画面上方</translation>
    </message>
    <message>
        <source>Only finished words: nothing that may still change</source>
        <translation>只显示已确定的文字，不显示可能变动的内容</translation>
    </message>
    <message>
        <source>Read each finished line to my screen reader</source>
        <translation>由屏幕阅读器朗读每一行已确定的字幕</translation>
    </message>
</context>
<context>
    <name>Carried</name>
    <message>
        <source>Without internet</source>
        <translation>没有互联网时</translation>
    </message>
    <message>
        <source>A computer that has these files can write them into one, in its settings under “Files for captions”. Bring that on a stick and choose it here, or drop it here. A folder with the files will do, too.</source>
        <translation>已有这些文件的电脑可以在设置的“字幕文件”中把它们写成一个文件。用 U 盘把它带过来，在这里选择，或拖放到这里。装有这些文件的文件夹也可以。</translation>
    </message>
    <message>
        <source>From a file…</source>
        <translation>从文件…</translation>
    </message>
    <message>
        <source>From a folder…</source>
        <translation>从文件夹…</translation>
    </message>
    <message>
        <source>Write a file for another computer…</source>
        <translation>为另一台电脑写一个文件…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>ChatPane</name>
    <message>
        <source>%1 (you)</source>
        <translation>%1（我）</translation>
    </message>
    <message>
        <source>Message deleted</source>
        <translation>消息已删除</translation>
    </message>
    <message>
        <source>To %1 only</source>
        <translation>仅发给 %1</translation>
    </message>
    <message>
        <source>To you only</source>
        <translation>仅发给您</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>打开 %1</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1，%2：%3</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>聊天</translation>
    </message>
    <message>
        <source>Nothing has been written yet. Messages go to everybody and stay on the host’s computer.</source>
        <translation>还没有消息。消息会发给所有人，并保存在主持人的电脑上。</translation>
    </message>
    <message>
        <source>Copy the message</source>
        <translation>复制消息</translation>
    </message>
    <message>
        <source>Write to %1 only</source>
        <translation>仅发给 %1</translation>
    </message>
    <message>
        <source>Delete the message</source>
        <translation>删除消息</translation>
    </message>
    <message>
        <source>Write to everybody again</source>
        <translation>重新发给所有人</translation>
    </message>
    <message>
        <source>Write to %1</source>
        <translation>发给 %1</translation>
    </message>
    <message>
        <source>Write to everybody</source>
        <translation>发消息给所有人</translation>
    </message>
    <message>
        <source>The host has turned the chat off.</source>
        <translation>主持人已关闭聊天。</translation>
    </message>
    <message>
        <source>Share files with %1 only</source>
        <translation>仅与 %1 共享文件</translation>
    </message>
    <message>
        <source>Share files with everybody</source>
        <translation>与所有人共享文件</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
</context>
<context>
    <name>CheckCard</name>
    <message>
        <source>Check of %1’s camera</source>
        <translation>检测 %1 的摄像头</translation>
    </message>
    <message>
        <source>Check a camera</source>
        <translation>检测摄像头</translation>
    </message>
    <message>
        <source>The host has not allowed checks of cameras in this meeting.</source>
        <translation>主持人未允许在本次会议中检测摄像头。</translation>
    </message>
    <message>
        <source>Nobody else’s camera is on.</source>
        <translation>其他人都没有打开摄像头。</translation>
    </message>
    <message>
        <source>Whose? They are asked first, and may say no. It takes a quarter of a minute.</source>
        <translation>检测谁的摄像头？会先征求对方同意，对方可以拒绝。大约需要 15 秒。</translation>
    </message>
    <message>
        <source>How far the check is</source>
        <translation>检测进度</translation>
    </message>
    <message>
        <source>This is no proof. A good forgery may be called consistent, and an honest camera inconsistent. When it matters, ask something that only this person can know.</source>
        <translation>这不是证据。高明的伪造可能被判为一致，真实的摄像头也可能被判为不一致。如果事关重要，请问一个只有本人知道的问题。</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>重新检测</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Stop the check</source>
        <translation>停止检测</translation>
    </message>
</context>
<context>
    <name>CheckScreen</name>
    <message>
        <source>Your camera is checked for %1</source>
        <translation>正在为 %1 检测您的摄像头</translation>
    </message>
    <message>
        <source>That was all. Thank you.</source>
        <translation>检测完毕，谢谢。</translation>
    </message>
    <message>
        <source>Look at the camera and read this number aloud:</source>
        <translation>请看着摄像头，大声读出这个数字：</translation>
    </message>
    <message>
        <source>Stop the check</source>
        <translation>停止检测</translation>
    </message>
    <message>
        <source>Your camera is checked</source>
        <translation>正在检测您的摄像头</translation>
    </message>
</context>
<context>
    <name>ConsentCard</name>
    <message>
        <source>Caption what you say?</source>
        <translation>是否为您的发言生成字幕？</translation>
    </message>
    <message>
        <source>This meeting has live captions. If you allow it, a speech model writes down your words and shows them with your name. It makes mistakes.</source>
        <translation>本次会议有实时字幕。如果您允许，语音模型会写下您的发言，并连同您的名字一起显示。识别可能出错。</translation>
    </message>
    <message>
        <source>Who sees it</source>
        <translation>谁能看到</translation>
    </message>
    <message numerus="yes">
        <source>Everybody in this meeting: %n people now.</source>
        <translation>
            <numerusform>本次会议的所有人，目前 %n 人。</numerusform>
        </translation>
    </message>
    <message>
        <source>What is kept</source>
        <translation>保存什么</translation>
    </message>
    <message>
        <source>The finished sentences, as a transcript on the host’s computer. Captions keep no sound.</source>
        <translation>说完的句子会作为文字记录保存在主持人的电脑上。字幕不保存声音。</translation>
    </message>
    <message>
        <source>Where it runs</source>
        <translation>在哪里运行</translation>
    </message>
    <message>
        <source>On the host’s computer. Nothing leaves this network.</source>
        <translation>在主持人的电脑上运行，任何内容都不会离开本网络。</translation>
    </message>
    <message>
        <source>You can change this at any time in the transcript pane. If you say no, you still see the captions of others.</source>
        <translation>您可以随时在“文字记录”侧栏中更改。拒绝后，您仍能看到其他人的字幕。</translation>
    </message>
    <message>
        <source>Allow</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>Don’t allow</source>
        <translation>不允许</translation>
    </message>
</context>
<context>
    <name>ConsentToCheck</name>
    <message>
        <source>%1 asks to check your camera</source>
        <translation>%1 请求检测您的摄像头</translation>
    </message>
    <message>
        <source>A program compares your picture with your voice for %1 seconds. Turn your microphone on, look at the camera, do the two things that are asked of you, then read a number aloud while your screen shows colours.</source>
        <translation>程序会用 %1 秒对比您的画面和声音。请打开麦克风，看着摄像头，按提示做两个动作，然后在屏幕显示颜色时大声读出一个数字。</translation>
    </message>
    <message>
        <source>Who sees what comes out</source>
        <translation>谁能看到结果</translation>
    </message>
    <message>
        <source>Only who asks: consistent, inconclusive or inconsistent. Nothing else happens by itself.</source>
        <translation>只有请求者能看到：一致、无法判断或不一致。不会自动产生其他后果。</translation>
    </message>
    <message>
        <source>What is kept</source>
        <translation>保存什么</translation>
    </message>
    <message>
        <source>No picture, no sound and no result. The host’s computer notes what you answered, and when.</source>
        <translation>不保存画面、声音和结果。主持人的电脑会记录您的回答和时间。</translation>
    </message>
    <message>
        <source>Where it runs</source>
        <translation>在哪里运行</translation>
    </message>
    <message>
        <source>On the host’s computer. Nothing leaves this network.</source>
        <translation>在主持人的电脑上运行，任何内容都不会离开本网络。</translation>
    </message>
    <message>
        <source>Your screen changes its colour once or twice a second</source>
        <translation>您的屏幕每秒会变色一到两次</translation>
    </message>
    <message>
        <source>For seven seconds. Say no if that does not agree with you. You can stop at any moment.</source>
        <translation>持续 7 秒。如果您不适应，请拒绝。您可以随时停止。</translation>
    </message>
    <message>
        <source>Answer so to everybody in this meeting</source>
        <translation>在本次会议中对所有人都这样回答</translation>
    </message>
    <message>
        <source>Check my camera</source>
        <translation>检测我的摄像头</translation>
    </message>
    <message>
        <source>Don’t allow</source>
        <translation>不允许</translation>
    </message>
</context>
<context>
    <name>ControlBar</name>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>取消静音</translation>
    </message>
    <message>
        <source>Stop video</source>
        <translation>关闭视频</translation>
    </message>
    <message>
        <source>Start video</source>
        <translation>开启视频</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>Stop sharing</source>
        <translation>停止共享</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>共享</translation>
    </message>
    <message>
        <source>Lower hand</source>
        <translation>放下手</translation>
    </message>
    <message>
        <source>Raise hand</source>
        <translation>举手</translation>
    </message>
    <message>
        <source>Hand</source>
        <translation>举手</translation>
    </message>
    <message>
        <source>React</source>
        <translation>回应</translation>
    </message>
    <message>
        <source>Captions</source>
        <translation>字幕</translation>
    </message>
    <message>
        <source>Transcript</source>
        <translation>文字记录</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>聊天</translation>
    </message>
    <message>
        <source>People</source>
        <translation>成员</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>离开</translation>
    </message>
</context>
<context>
    <name>CorrectCard</name>
    <message>
        <source>Put these words right</source>
        <translation>更正文字</translation>
    </message>
    <message>
        <source>Everybody sees the new words under the name of %1. What was written before stays in the record. Empty: the line is struck.</source>
        <translation>所有人会在 %1 名下看到新的文字。原来的文字保留在记录中。留空则删去这一句。</translation>
    </message>
    <message>
        <source>What %1 said</source>
        <translation>%1 说的话</translation>
    </message>
    <message>
        <source>Strike the line</source>
        <translation>删去这一句</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>DeleteCard</name>
    <message>
        <source>Delete all meetings?</source>
        <translation>删除所有会议？</translation>
    </message>
    <message>
        <source>Delete what %1 said?</source>
        <translation>删除 %1 的发言？</translation>
    </message>
    <message>
        <source>Delete “%1”?</source>
        <translation>删除“%1”？</translation>
    </message>
    <message>
        <source>Their words, messages, files, voice and picture go from this meeting, and their name too. Recordings are made anew without them. What the others said stays. Nothing brings it back.</source>
        <translation>此人的发言、消息、文件、声音和画面都会从这次会议中删除，姓名也一样。录制内容会重新制作，不再有此人。其他人的发言会保留。删除后无法恢复。</translation>
    </message>
    <message>
        <source>Transcript, chat, files and recordings go from this computer. Nothing brings them back.</source>
        <translation>会议记录、聊天、文件和录制内容都会从这台电脑上删除，删除后无法恢复。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
</context>
<context>
    <name>DevicePickers</name>
    <message>
        <source>As the computer chooses</source>
        <translation>由电脑选择</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>How loud you are: %1 %</source>
        <translation>您的音量：%1 %</translation>
    </message>
    <message>
        <source>The microphone is off.</source>
        <translation>麦克风已关闭。</translation>
    </message>
    <message>
        <source>We can’t hear you. Choose another microphone.</source>
        <translation>听不到您的声音，请选择其他麦克风。</translation>
    </message>
    <message>
        <source>Say something: the bar moves when you are heard.</source>
        <translation>请说句话：能听到您时，音量条会移动。</translation>
    </message>
    <message>
        <source>Loudspeaker</source>
        <translation>扬声器</translation>
    </message>
    <message>
        <source>Play a test sound</source>
        <translation>播放测试音</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
</context>
<context>
    <name>EmotionCard</name>
    <message>
        <source>Guess what your face shows?</source>
        <translation>要猜测您的面部表情吗？</translation>
    </message>
    <message>
        <source>If you turn it on, a program looks at your picture three times a second and guesses one of seven expressions. It cannot know what you feel, and it is often wrong.</source>
        <translation>开启后，程序每秒查看您的画面三次，猜测七种表情之一。它无法知道您的感受，而且常常出错。</translation>
    </message>
    <message>
        <source>Who sees it</source>
        <translation>谁能看到</translation>
    </message>
    <message>
        <source>Only you, or everybody in this meeting: you choose. A sign on your tile tells everybody that your face is being read.</source>
        <translation>只有您，或会议中的所有人，由您选择。您画面上的标志会告诉所有人，您的面部正在被分析。</translation>
    </message>
    <message>
        <source>Only you. A sign on your tile tells everybody that your face is being read.</source>
        <translation>只有您。您画面上的标志会告诉所有人，您的面部正在被分析。</translation>
    </message>
    <message>
        <source>What is kept</source>
        <translation>保存什么</translation>
    </message>
    <message>
        <source>No picture and no guess. The host’s computer notes that you turned it on or off, and when.</source>
        <translation>不保存画面，也不保存猜测。主持人的电脑只记录您何时开启或关闭。</translation>
    </message>
    <message>
        <source>Where it runs</source>
        <translation>在哪里运行</translation>
    </message>
    <message>
        <source>On the host’s computer. Nothing leaves this network.</source>
        <translation>在主持人的电脑上。任何内容都不会离开本网络。</translation>
    </message>
    <message>
        <source>The host has not allowed it in this meeting.</source>
        <translation>主持人未允许在本次会议中使用。</translation>
    </message>
    <message>
        <source>One press stops it at once: here, or on the sign on your tile.</source>
        <translation>按一下即可立即停止：在这里，或在您画面的标志上。</translation>
    </message>
    <message>
        <source>Only for me</source>
        <translation>仅自己可见</translation>
    </message>
    <message>
        <source>For everybody</source>
        <translation>所有人可见</translation>
    </message>
    <message>
        <source>Don’t guess</source>
        <translation>不猜测</translation>
    </message>
    <message>
        <source>Stop guessing</source>
        <translation>停止猜测</translation>
    </message>
</context>
<context>
    <name>FeedCard</name>
    <message>
        <source>Record “%1”, too?</source>
        <translation>也录制“%1”吗？</translation>
    </message>
    <message>
        <source>“%1” is a camera or a program. Nobody there can answer, so you do. Say yes only if everybody who is seen and heard in it knows that the meeting is recorded. That you answered is written down.</source>
        <translation>“%1”是一台摄像机或一个程序，那里没有人可以回答，所以由您决定。只有当画面和声音中的每个人都知道会议正在录制时，才选择录制。您的回答会被记录下来。</translation>
    </message>
    <message>
        <source>Record it</source>
        <translation>录制</translation>
    </message>
    <message>
        <source>Leave it out</source>
        <translation>不录制</translation>
    </message>
</context>
<context>
    <name>FileLine</name>
    <message>
        <source>%1 (you)</source>
        <translation>%1（我）</translation>
    </message>
    <message>
        <source>To %1 only</source>
        <translation>仅发给 %1</translation>
    </message>
    <message>
        <source>To you only</source>
        <translation>仅发给您</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Save %1</source>
        <translation>保存 %1</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>打开 %1</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Show %1 in its folder</source>
        <translation>在文件夹中显示 %1</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Try %1 again</source>
        <translation>重试 %1</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancel %1</source>
        <translation>取消 %1</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>从列表中移除</translation>
    </message>
    <message>
        <source>Remove %1 from the list</source>
        <translation>从列表中移除 %1</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Withdraw %1</source>
        <translation>撤回 %1</translation>
    </message>
    <message>
        <source>%1, from %2: %3</source>
        <translation>%1，来自 %2：%3</translation>
    </message>
</context>
<context>
    <name>FilesPane</name>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>No files have been shared yet. Drop one here, or choose it below. Files stay on the host’s computer.</source>
        <translation>还没有共享文件。将文件拖到这里，或在下方选择。文件保存在主持人的电脑上。</translation>
    </message>
    <message>
        <source>No files have been shared yet.</source>
        <translation>还没有共享文件。</translation>
    </message>
    <message>
        <source>Share files</source>
        <translation>共享文件</translation>
    </message>
    <message>
        <source>You cannot share files in this meeting. Ask the host.</source>
        <translation>您无法在此会议中共享文件，请联系主持人。</translation>
    </message>
</context>
<context>
    <name>FilmCard</name>
    <message>
        <source>Make the film</source>
        <translation>制作影片</translation>
    </message>
    <message>
        <source>Who is seen</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>Whoever speaks, large</source>
        <translation>发言者放大</translation>
    </message>
    <message>
        <source>Everybody, in a grid</source>
        <translation>所有人，网格排列</translation>
    </message>
    <message>
        <source>Captions</source>
        <translation>字幕</translation>
    </message>
    <message>
        <source>To be turned on</source>
        <translation>可开关</translation>
    </message>
    <message>
        <source>Always in the picture</source>
        <translation>始终在画面中</translation>
    </message>
    <message>
        <source>None in the film</source>
        <translation>影片中没有</translation>
    </message>
    <message>
        <source>Shared screens come first. This takes about a third of the time the recording lasts; the film that is there stays until then. Captions lie beside the film as files, too.</source>
        <translation>共享的屏幕优先。制作大约需要录制时长的三分之一；在此之前，现有的影片会保留。字幕也会作为文件放在影片旁边。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>FormsMenu</name>
    <message>
        <source>Plain text</source>
        <translation>纯文本</translation>
    </message>
    <message>
        <source>Markdown</source>
        <translation>Markdown</translation>
    </message>
    <message>
        <source>Word document</source>
        <translation>Word 文档</translation>
    </message>
    <message>
        <source>Subtitles, WebVTT</source>
        <translation>字幕，WebVTT</translation>
    </message>
    <message>
        <source>Subtitles, SRT</source>
        <translation>字幕，SRT</translation>
    </message>
    <message>
        <source>JSON, for programs</source>
        <translation>JSON，供程序使用</translation>
    </message>
</context>
<context>
    <name>Gallery</name>
    <message>
        <source>People in the meeting</source>
        <translation>会议成员</translation>
    </message>
    <message>
        <source>Previous page of people</source>
        <translation>上一页成员</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Page %1 of %2</source>
        <translation>第 %1 页，共 %2 页</translation>
    </message>
    <message>
        <source>Next page of people</source>
        <translation>下一页成员</translation>
    </message>
</context>
<context>
    <name>GlossaryCard</name>
    <message>
        <source>Words that captions should know</source>
        <translation>字幕词汇表</translation>
    </message>
    <message>
        <source>One name or word a line, the most important first, at most 64. The names of the people here are known already.</source>
        <translation>每行一个名字或词语，重要的在前，最多 64 个。参会者的名字已在其中。</translation>
    </message>
    <message>
        <source>Names and words, one a line</source>
        <translation>名字和词语，每行一个</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Meetings held here</source>
        <translation>在这里举行的会议</translation>
    </message>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>找到 %n 条</numerusform>
        </translation>
    </message>
    <message>
        <source>Search everything that was said and written</source>
        <translation>搜索所有发言和消息</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>搜索结果</translation>
    </message>
    <message>
        <source>Meetings</source>
        <translation>会议</translation>
    </message>
    <message>
        <source>Nothing was found. Try fewer or other words.</source>
        <translation>没有找到。请减少或更换搜索词。</translation>
    </message>
    <message>
        <source>No meeting was held on this computer yet. Meetings that you host stay here until you delete them.</source>
        <translation>这台电脑上还没有举行过会议。您主持的会议会保存在这里，直到您删除。</translation>
    </message>
    <message>
        <source>Delete all meetings…</source>
        <translation>删除所有会议…</translation>
    </message>
    <message>
        <source>Going on now</source>
        <translation>正在进行</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message numerus="yes">
        <source>%n minutes</source>
        <translation>
            <numerusform>%n 分钟</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n people</source>
        <translation>
            <numerusform>%n 人</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, at %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Saved: %1</source>
        <translation>已保存：%1</translation>
    </message>
    <message>
        <source>It could not be saved there. Choose another folder.</source>
        <translation>无法保存到该位置，请选择其他文件夹。</translation>
    </message>
</context>
<context>
    <name>Home</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Use the light theme</source>
        <translation>使用浅色主题</translation>
    </message>
    <message>
        <source>Use the dark theme</source>
        <translation>使用深色主题</translation>
    </message>
    <message>
        <source>Meet on your own network</source>
        <translation>在您自己的网络中开会</translation>
    </message>
    <message>
        <source>Sound, video and captions stay between the computers in the meeting.</source>
        <translation>声音、视频和字幕只在参会的电脑之间传输。</translation>
    </message>
    <message>
        <source>Your name, as others see it</source>
        <translation>您的名字（其他人可见）</translation>
    </message>
    <message>
        <source>Start with the microphone on</source>
        <translation>开始时打开麦克风</translation>
    </message>
    <message>
        <source>Start with the camera on</source>
        <translation>开始时打开摄像头</translation>
    </message>
    <message>
        <source>Host a meeting</source>
        <translation>主持会议</translation>
    </message>
    <message>
        <source>This PC becomes the meeting room. It must stay on until you finish.</source>
        <translation>这台电脑将作为会议室，会议结束前请保持开机。</translation>
    </message>
    <message>
        <source>Meeting name</source>
        <translation>会议名称</translation>
    </message>
    <message>
        <source>Our meeting</source>
        <translation>我们的会议</translation>
    </message>
    <message>
        <source>Start meeting</source>
        <translation>开始会议</translation>
    </message>
    <message>
        <source>Meetings held here</source>
        <translation>在这里举行的会议</translation>
    </message>
    <message>
        <source>Join a meeting</source>
        <translation>加入会议</translation>
    </message>
    <message>
        <source>Paste the whole link, or type the code that the host reads out. An address may stand before it.</source>
        <translation>粘贴完整链接，或输入主持人读出的代码。代码前可以加上地址。</translation>
    </message>
    <message>
        <source>Meeting link or code</source>
        <translation>会议链接或代码</translation>
    </message>
    <message>
        <source>Passcode of the meeting</source>
        <translation>会议密码</translation>
    </message>
    <message>
        <source>Join</source>
        <translation>加入</translation>
    </message>
</context>
<context>
    <name>InviteCard</name>
    <message>
        <source>Invite people</source>
        <translation>邀请他人</translation>
    </message>
    <message>
        <source>QR code with the link to this meeting</source>
        <translation>本次会议链接的二维码</translation>
    </message>
    <message>
        <source>Meeting code</source>
        <translation>会议代码</translation>
    </message>
    <message>
        <source>Copy the code</source>
        <translation>复制代码</translation>
    </message>
    <message>
        <source>The code is copied.</source>
        <translation>代码已复制。</translation>
    </message>
    <message>
        <source>Words of this host, to compare</source>
        <translation>本主机的词语，供核对</translation>
    </message>
    <message>
        <source>Meeting link</source>
        <translation>会议链接</translation>
    </message>
    <message>
        <source>Copy the link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>The link is copied.</source>
        <translation>链接已复制。</translation>
    </message>
    <message>
        <source>People on the same network open the link in Parley or in a browser, or scan the code with a phone. The end of the link proves that they reach this meeting and nobody in between.</source>
        <translation>同一网络中的人可以在 Parley 或浏览器中打开链接，也可以用手机扫码。链接末尾用于确认对方连接的就是本次会议，中间没有其他人。</translation>
    </message>
    <message>
        <source>Browsers warn once, and that is all right. Who wants no warning opens %1 and compares this fingerprint (SHA-256) while installing:</source>
        <translation>浏览器会警告一次，这没有问题。如果不希望出现警告，请打开 %1，并在安装时核对此指纹（SHA-256）：</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>KeyboardSettings</name>
    <message>
        <source>That key is needed to get around. Choose another.</source>
        <translation>该按键用于在窗口中移动，请换一个。</translation>
    </message>
    <message>
        <source>Hold Ctrl, Alt or Meta with another key, or choose a function key.</source>
        <translation>请同时按住 Ctrl、Alt 或 Meta 和另一个键，或选择一个功能键。</translation>
    </message>
    <message>
        <source>“%1” has these keys. Change those first.</source>
        <translation>“%1”已使用这组按键，请先更改它。</translation>
    </message>
    <message>
        <source>Press the keys</source>
        <translation>请按下按键</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Change the keys for: %1</source>
        <translation>更改按键：%1</translation>
    </message>
    <message>
        <source>Usual keys again: %1</source>
        <translation>恢复默认按键：%1</translation>
    </message>
    <message>
        <source>All keys as they were</source>
        <translation>全部恢复默认按键</translation>
    </message>
</context>
<context>
    <name>LeaveCard</name>
    <message>
        <source>End this meeting?</source>
        <translation>结束本次会议？</translation>
    </message>
    <message>
        <source>Leave this meeting?</source>
        <translation>离开本次会议？</translation>
    </message>
    <message>
        <source>The meeting ends for everyone if you close this PC. The transcript stays on it. It can also go on without this window.</source>
        <translation>如果关闭这台电脑，会议将对所有人结束。文字记录会保留在这台电脑上。也可以隐藏窗口，让会议继续。</translation>
    </message>
    <message>
        <source>The meeting ends for everyone if you close this PC. The transcript stays on it.</source>
        <translation>如果关闭这台电脑，会议将对所有人结束。文字记录会保留在这台电脑上。</translation>
    </message>
    <message>
        <source>The others go on without you. You can come back with the same link.</source>
        <translation>其他人会继续开会。您可以用同一个链接再次加入。</translation>
    </message>
    <message>
        <source>End for everyone</source>
        <translation>结束会议</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>离开</translation>
    </message>
    <message>
        <source>Hide the window</source>
        <translation>隐藏窗口</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>留下</translation>
    </message>
</context>
<context>
    <name>LobbyCard</name>
    <message numerus="yes">
        <source>%n waiting to come in</source>
        <translation>
            <numerusform>%n 人正在等候进入</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, since %2</source>
        <translation>%1，%2 起等候</translation>
    </message>
    <message>
        <source>Let in</source>
        <translation>允许进入</translation>
    </message>
    <message>
        <source>Let %1 in</source>
        <translation>允许 %1 进入</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>暂不允许</translation>
    </message>
    <message>
        <source>Send %1 away</source>
        <translation>拒绝 %1</translation>
    </message>
    <message>
        <source>People who wait to come in</source>
        <translation>等候进入的人</translation>
    </message>
    <message>
        <source>Let everybody in</source>
        <translation>允许所有人进入</translation>
    </message>
    <message>
        <source>Lobby</source>
        <translation>等候室</translation>
    </message>
</context>
<context>
    <name>MachinesCard</name>
    <message>
        <source>What runs where</source>
        <translation>各项工作在哪里运行</translation>
    </message>
    <message>
        <source>Meeting room: this computer</source>
        <translation>会议室：这台电脑</translation>
    </message>
    <message>
        <source>Meeting room: the host’s computer</source>
        <translation>会议室：主持人的电脑</translation>
    </message>
    <message>
        <source>Sound and pictures of everybody pass through it, encrypted on the way. It keeps the chat and the transcript.</source>
        <translation>所有人的声音和画面都经过它，传输全程加密。聊天和记录保存在它上面。</translation>
    </message>
    <message>
        <source>Captions: the meeting room</source>
        <translation>字幕：会议室电脑</translation>
    </message>
    <message>
        <source>Captions: %1</source>
        <translation>字幕：%1</translation>
    </message>
    <message>
        <source>Captions: nowhere</source>
        <translation>字幕：未运行</translation>
    </message>
    <message>
        <source>No program that could write captions is ready.</source>
        <translation>没有可用的字幕程序。</translation>
    </message>
    <message>
        <source>This computer is %1 % busy</source>
        <translation>这台电脑的占用率为 %1 %</translation>
    </message>
    <message>
        <source>Busy</source>
        <translation>占用</translation>
    </message>
    <message>
        <source>%1 % of a core, %2 MB</source>
        <translation>占一个核心的 %1 %，%2 MB</translation>
    </message>
    <message>
        <source>stopped, is being started again</source>
        <translation>已停止，正在重新启动</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>连接情况</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>Show the window</source>
        <translation>显示窗口</translation>
    </message>
    <message>
        <source>Leave the meeting</source>
        <translation>离开会议</translation>
    </message>
    <message>
        <source>%1 – Parley</source>
        <translation>%1 – Parley</translation>
    </message>
</context>
<context>
    <name>MakingLine</name>
    <message>
        <source>The film of the recording is being made, %1 %</source>
        <translation>正在制作录制影片，%1 %</translation>
    </message>
    <message>
        <source>The film of recording %1 is being made, %2 %</source>
        <translation>正在制作第 %1 段录制的影片，%2 %</translation>
    </message>
    <message>
        <source>The film of the recording will be made.</source>
        <translation>即将制作录制影片。</translation>
    </message>
    <message>
        <source>The film of recording %1 will be made.</source>
        <translation>即将制作第 %1 段录制的影片。</translation>
    </message>
    <message>
        <source>No film could be made of the recording: %1</source>
        <translation>无法制作录制影片：%1</translation>
    </message>
    <message>
        <source>No film could be made of recording %1: %2</source>
        <translation>无法制作第 %1 段录制的影片：%2</translation>
    </message>
    <message>
        <source>There is no film of the recording.</source>
        <translation>此录制还没有影片。</translation>
    </message>
    <message>
        <source>There is no film of recording %1.</source>
        <translation>第 %1 段录制还没有影片。</translation>
    </message>
    <message>
        <source>Make the film…</source>
        <translation>制作影片…</translation>
    </message>
</context>
<context>
    <name>Meeting</name>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Drop to share with %1 only</source>
        <translation>松开以仅与 %1 共享</translation>
    </message>
    <message>
        <source>Drop to share with everybody</source>
        <translation>松开以与所有人共享</translation>
    </message>
    <message>
        <source>Saved: %1</source>
        <translation>已保存：%1</translation>
    </message>
    <message>
        <source>It could not be saved there. Choose another folder.</source>
        <translation>无法保存到该位置，请选择其他文件夹。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>MeetingRecord</name>
    <message>
        <source>Choose a meeting to read what was said.</source>
        <translation>选择一场会议，查看发言内容。</translation>
    </message>
    <message>
        <source>Minutes and topics</source>
        <translation>纪要和话题</translation>
    </message>
    <message>
        <source>Play the recording</source>
        <translation>播放录制内容</translation>
    </message>
    <message>
        <source>Play recording %1</source>
        <translation>播放录制内容 %1</translation>
    </message>
    <message>
        <source>Another film…</source>
        <translation>另做一部影片…</translation>
    </message>
    <message>
        <source>Another film of recording %1…</source>
        <translation>为录制内容 %1 另做一部影片…</translation>
    </message>
    <message>
        <source>Save the transcript</source>
        <translation>保存文字记录</translation>
    </message>
    <message>
        <source>Delete one person’s words…</source>
        <translation>删除某人的发言…</translation>
    </message>
    <message>
        <source>Delete the meeting…</source>
        <translation>删除会议…</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1，%2：%3</translation>
    </message>
    <message>
        <source>Transcript</source>
        <translation>文字记录</translation>
    </message>
    <message>
        <source>Nothing of what was said was written down.</source>
        <translation>没有记录下任何发言。</translation>
    </message>
</context>
<context>
    <name>Missing</name>
    <message>
        <source>Captions on this PC</source>
        <translation>本机字幕</translation>
    </message>
    <message>
        <source>Meetings that you host have no captions until this is here. It is downloaded once.</source>
        <translation>下载完成前，您主持的会议没有字幕。只需下载一次。</translation>
    </message>
    <message>
        <source>Live captions</source>
        <translation>实时字幕</translation>
    </message>
    <message>
        <source>Everything is here. Works without internet.</source>
        <translation>已全部就绪，无需联网。</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>可用</translation>
    </message>
</context>
<context>
    <name>ModelLine</name>
    <message>
        <source>%1 of %2 MB</source>
        <translation>%1 / %2 MB</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 MB</translation>
    </message>
    <message>
        <source>%1. The files are damaged: download them again.</source>
        <translation>%1。文件已损坏，请重新下载。</translation>
    </message>
    <message>
        <source>Ready, works without internet</source>
        <translation>已就绪，无需联网</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Download: %1</source>
        <translation>下载：%1</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Delete: %1</source>
        <translation>删除：%1</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <source>Captions are made on the host’s computer. To host with captions, this computer needs one of these. Every file is checked after the download; nothing is sent.</source>
        <translation>字幕在主持人的电脑上生成。要在主持会议时使用字幕，这台电脑需要以下文件之一。每个文件下载后都会校验，不会发送任何内容。</translation>
    </message>
</context>
<context>
    <name>Nearby</name>
    <message>
        <source>Meetings on this network</source>
        <translation>此网络中的会议</translation>
    </message>
    <message>
        <source>%1, at %2</source>
        <translation>%1，地址 %2</translation>
    </message>
    <message>
        <source>Type the code</source>
        <translation>输入代码</translation>
    </message>
    <message>
        <source>Type the code of %1, at %2</source>
        <translation>输入 %1（%2）的代码</translation>
    </message>
</context>
<context>
    <name>Options</name>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>Outcome</name>
    <message>
        <source>Summary</source>
        <translation>摘要</translation>
    </message>
    <message>
        <source>Decisions</source>
        <translation>决定</translation>
    </message>
    <message>
        <source>Action items</source>
        <translation>待办事项</translation>
    </message>
    <message>
        <source>Topics</source>
        <translation>话题</translation>
    </message>
    <message>
        <source>Who spoke</source>
        <translation>发言时间</translation>
    </message>
    <message>
        <source>Save the minutes</source>
        <translation>保存纪要</translation>
    </message>
    <message>
        <source>Sum up again</source>
        <translation>重新总结</translation>
    </message>
    <message>
        <source>Sum up</source>
        <translation>总结</translation>
    </message>
    <message>
        <source>Let the language model write</source>
        <translation>由语言模型撰写</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Being summed up, %1 %</source>
        <translation>正在总结，%1%</translation>
    </message>
    <message>
        <source>Will be summed up</source>
        <translation>等待总结</translation>
    </message>
    <message>
        <source>It was stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>It could not be summed up: %1</source>
        <translation>无法总结：%1</translation>
    </message>
    <message>
        <source>The language model %1 wrote this; it may be wrong.</source>
        <translation>由语言模型 %1 撰写，可能有误。</translation>
    </message>
    <message>
        <source>Put together by rules, in the words that were said. Not everything is found. Only who agreed to captions has a part in it.</source>
        <translation>由规则从发言原文中摘出，可能有遗漏。只包含同意字幕的人。</translation>
    </message>
    <message>
        <source>%1, %2 %</source>
        <translation>%1，%2%</translation>
    </message>
    <message>
        <source>%1: %2, %3 %</source>
        <translation>%1：%2，%3%</translation>
    </message>
    <message>
        <source>What came out of it</source>
        <translation>会议成果</translation>
    </message>
    <message>
        <source>Nothing of what was said was written down.</source>
        <translation>没有记录下任何发言。</translation>
    </message>
    <message>
        <source>This meeting has not been summed up yet.</source>
        <translation>这次会议还没有总结。</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>What would you like to do?</source>
        <translation>您想做什么？</translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Nothing is called that.</source>
        <translation>没有这样的操作。</translation>
    </message>
</context>
<context>
    <name>PeoplePane</name>
    <message>
        <source>Hand up, number %1</source>
        <translation>已举手，第 %1 位</translation>
    </message>
    <message>
        <source>Shares a screen</source>
        <translation>正在共享屏幕</translation>
    </message>
    <message>
        <source>Large for everybody</source>
        <translation>对所有人放大</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>Captioned</source>
        <translation>有字幕</translation>
    </message>
    <message>
        <source>%1 (you)</source>
        <translation>%1（我）</translation>
    </message>
    <message>
        <source>More about %1</source>
        <translation>%1 的更多操作</translation>
    </message>
    <message>
        <source>muted</source>
        <translation>已静音</translation>
    </message>
    <message>
        <source>microphone on</source>
        <translation>麦克风已开启</translation>
    </message>
    <message>
        <source>camera on</source>
        <translation>摄像头已开启</translation>
    </message>
    <message>
        <source>camera off</source>
        <translation>摄像头已关闭</translation>
    </message>
    <message>
        <source>People in the meeting</source>
        <translation>会议成员</translation>
    </message>
    <message>
        <source>Invite people</source>
        <translation>邀请他人</translation>
    </message>
    <message>
        <source>Mute everybody</source>
        <translation>全体静音</translation>
    </message>
    <message>
        <source>Lower all hands</source>
        <translation>放下所有人的手</translation>
    </message>
    <message>
        <source>Run the meeting</source>
        <translation>管理会议</translation>
    </message>
    <message>
        <source>What runs where</source>
        <translation>各项工作在哪里运行</translation>
    </message>
</context>
<context>
    <name>PersonCard</name>
    <message>
        <source>Make %1 the host?</source>
        <translation>让 %1 担任主持人？</translation>
    </message>
    <message>
        <source>Remove %1?</source>
        <translation>移出 %1？</translation>
    </message>
    <message>
        <source>%1 then decides who comes in and who speaks, and can end the meeting. You become co-host. The meeting stays on the computer it runs on.</source>
        <translation>之后由 %1 决定谁可以进入和发言，并可结束会议。您将成为联席主持人。会议仍在原来的电脑上运行。</translation>
    </message>
    <message>
        <source>%1 leaves the meeting at once, and is told that they were removed.</source>
        <translation>%1 会立即离开会议，并得知自己被移出。</translation>
    </message>
    <message>
        <source>Do not let them back into this meeting</source>
        <translation>不允许其再次加入此会议</translation>
    </message>
    <message>
        <source>Make host</source>
        <translation>设为主持人</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移出</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>PersonMenu</name>
    <message>
        <source>Let go of %1</source>
        <translation>取消固定 %1</translation>
    </message>
    <message>
        <source>Keep %1 large</source>
        <translation>固定放大 %1</translation>
    </message>
    <message>
        <source>Everybody alike</source>
        <translation>大小一致</translation>
    </message>
    <message>
        <source>The speaker large</source>
        <translation>放大发言人</translation>
    </message>
    <message>
        <source>Hide my own tile</source>
        <translation>隐藏我的画面</translation>
    </message>
    <message>
        <source>Write to %1 only</source>
        <translation>仅发给 %1</translation>
    </message>
    <message>
        <source>Check the camera of %1…</source>
        <translation>检测 %1 的摄像头…</translation>
    </message>
    <message>
        <source>Ask %1 to unmute</source>
        <translation>请 %1 取消静音</translation>
    </message>
    <message>
        <source>Mute %1</source>
        <translation>将 %1 静音</translation>
    </message>
    <message>
        <source>Stop the video of %1</source>
        <translation>关闭 %1 的视频</translation>
    </message>
    <message>
        <source>Ask %1 to start video</source>
        <translation>请 %1 开启视频</translation>
    </message>
    <message>
        <source>Stop the screen of %1</source>
        <translation>停止 %1 的屏幕共享</translation>
    </message>
    <message>
        <source>Lower the hand of %1</source>
        <translation>放下 %1 的手</translation>
    </message>
    <message>
        <source>No longer show %1 large to everybody</source>
        <translation>不再对所有人放大 %1</translation>
    </message>
    <message>
        <source>Show %1 large to everybody</source>
        <translation>对所有人放大 %1</translation>
    </message>
    <message>
        <source>%1 is no longer co-host</source>
        <translation>取消 %1 的联席主持人身份</translation>
    </message>
    <message>
        <source>Make %1 co-host</source>
        <translation>设 %1 为联席主持人</translation>
    </message>
    <message>
        <source>Make %1 the host…</source>
        <translation>让 %1 担任主持人…</translation>
    </message>
    <message>
        <source>Be the host again</source>
        <translation>重新担任主持人</translation>
    </message>
    <message>
        <source>Remove %1…</source>
        <translation>移出 %1…</translation>
    </message>
</context>
<context>
    <name>Picker</name>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>Player</name>
    <message>
        <source>You may not see this recording any more. Ask whoever hosted the meeting.</source>
        <translation>您已无权观看此录制，请询问会议主持人。</translation>
    </message>
    <message>
        <source>The host cannot be reached. Check that its computer is on and in the same network, then try again.</source>
        <translation>无法连接主持人。请检查对方电脑已开机并在同一网络，然后重试。</translation>
    </message>
    <message>
        <source>The film of this recording is not made yet. Come back in a few minutes.</source>
        <translation>此录制的影片尚未制作完成，请过几分钟再来。</translation>
    </message>
    <message>
        <source>This recording cannot be played: its file is damaged. The transcript of the meeting is still here.</source>
        <translation>无法播放此录制：文件已损坏。会议的文字记录仍在这里。</translation>
    </message>
    <message>
        <source>Back to the meeting</source>
        <translation>返回会议记录</translation>
    </message>
    <message>
        <source>Open the film in another program</source>
        <translation>用其他程序打开影片</translation>
    </message>
    <message>
        <source>This recording was deleted or made anew meanwhile, as when somebody is erased from it. Go back and open it again.</source>
        <translation>此录制已被删除或重新制作（例如有人的内容被删除）。请返回后重新打开。</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Picture of the recording</source>
        <translation>录制的画面</translation>
    </message>
    <message>
        <source>The picture of this recording cannot be read. Sound and transcript go on.</source>
        <translation>无法读取此录制的画面。声音和文字记录继续。</translation>
    </message>
    <message>
        <source>Opening the recording…</source>
        <translation>正在打开录制…</translation>
    </message>
    <message>
        <source>Waiting for the recording…</source>
        <translation>正在等待录制内容…</translation>
    </message>
    <message>
        <source>We lost the host. Trying again.</source>
        <translation>与主持人的连接已断开，正在重试。</translation>
    </message>
    <message>
        <source>There is no sound: no loudspeaker can be used. Plug one in or choose another in the settings, then open the recording again.</source>
        <translation>没有声音：无法使用扬声器。请接上扬声器或在设置中选择另一个，然后重新打开录制。</translation>
    </message>
    <message>
        <source>Transcript</source>
        <translation>文字记录</translation>
    </message>
    <message>
        <source>Voices</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Chapters</source>
        <translation>章节</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>录制</translation>
    </message>
</context>
<context>
    <name>PlayerBar</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Position: %1</source>
        <translation>位置：%1</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>10 seconds back</source>
        <translation>后退 10 秒</translation>
    </message>
    <message>
        <source>10 seconds on</source>
        <translation>前进 10 秒</translation>
    </message>
    <message>
        <source>%1×</source>
        <translation>%1×</translation>
    </message>
    <message>
        <source>Speed: %1</source>
        <translation>速度：%1</translation>
    </message>
    <message>
        <source>Leave full screen</source>
        <translation>退出全屏</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
</context>
<context>
    <name>PlayerChapters</name>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Chapters</source>
        <translation>章节</translation>
    </message>
</context>
<context>
    <name>PlayerLines</name>
    <message>
        <source>[not recorded]</source>
        <translation>[未录制]</translation>
    </message>
    <message>
        <source>Heard now. %1, %2: %3</source>
        <translation>正在播放。%1，%2：%3</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1，%2：%3</translation>
    </message>
    <message>
        <source>Transcript</source>
        <translation>文字记录</translation>
    </message>
    <message>
        <source>Nothing of what was said was written down.</source>
        <translation>没有记下任何发言。</translation>
    </message>
    <message>
        <source>Go to what is heard now</source>
        <translation>回到正在播放的内容</translation>
    </message>
</context>
<context>
    <name>PlayerVoices</name>
    <message>
        <source>The voices of this recording are not kept apart, so all are heard together.</source>
        <translation>此录制没有分开保存各人的声音，因此只能一起播放。</translation>
    </message>
    <message>
        <source>Hear %1 again</source>
        <translation>恢复 %1 的声音</translation>
    </message>
    <message>
        <source>Mute %1</source>
        <translation>将 %1 静音</translation>
    </message>
    <message>
        <source>How loud %1 is</source>
        <translation>%1 的音量</translation>
    </message>
    <message>
        <source>muted</source>
        <translation>已静音</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Their sound cannot be read, so they are not heard. The others are.</source>
        <translation>无法读取此人的声音，因此听不到。其他人的声音正常。</translation>
    </message>
    <message>
        <source>Voices</source>
        <translation>声音</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>The camera is starting…</source>
        <translation>摄像头正在启动…</translation>
    </message>
    <message>
        <source>Your camera is off. Others see your initials.</source>
        <translation>您的摄像头已关闭。其他人会看到您的姓名缩写。</translation>
    </message>
    <message>
        <source>Your picture</source>
        <translation>您的画面</translation>
    </message>
    <message>
        <source>Your camera is off</source>
        <translation>您的摄像头已关闭</translation>
    </message>
</context>
<context>
    <name>Processing</name>
    <message>
        <source>Sound and pictures</source>
        <translation>声音和画面</translation>
    </message>
    <message>
        <source>Go to the host’s computer and from there to the people in the meeting, encrypted on the way. The host’s computer could hear and see them. They are kept only of those who agreed to a recording.</source>
        <translation>先传到主持人的电脑，再传给会议中的其他人，传输过程加密。主持人的电脑可以听到和看到。只有同意录制的人的声音和画面会被保存。</translation>
    </message>
    <message>
        <source>Captions</source>
        <translation>字幕</translation>
    </message>
    <message>
        <source>The voice of those who said yes becomes text on the host’s computer. Everybody in the meeting can read it. Finished sentences stay on the host’s computer as the transcript; the sound does not. You can stop it for your voice at any time, in the transcript pane.</source>
        <translation>同意者的语音会在主持人的电脑上转成文字，所有参会者都能看到。已确定的句子作为文字记录保存在主持人的电脑上，声音不会保存。您可以随时在文字记录面板中停止转写您的声音。</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>面部</translation>
    </message>
    <message>
        <source>If you turn it on, a program guesses what your face shows, in meetings whose host allows it. You choose whether only you or everybody sees the guess. No picture and no guess is kept; when you turned it on or off is.</source>
        <translation>如果您开启，程序会在主持人允许的会议中猜测您的面部表情。由您选择只有自己还是所有人能看到。不保存画面和猜测，只记录您何时开启或关闭。</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>在哪里处理</translation>
    </message>
    <message>
        <source>On the host’s computer and on yours. Nothing leaves your network; no server on the internet is asked during a meeting.</source>
        <translation>在主持人的电脑和您的电脑上。任何内容都不会离开您的网络，会议期间不会访问互联网上的服务器。</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>在这台电脑上</translation>
    </message>
    <message>
        <source>Your choices, and the meetings that you hosted here: %1</source>
        <translation>您的设置，以及您在此主持过的会议：%1</translation>
    </message>
</context>
<context>
    <name>ProcessingCard</name>
    <message>
        <source>What is processed here</source>
        <translation>这里在处理什么</translation>
    </message>
    <message>
        <source>nowhere now</source>
        <translation>目前没有</translation>
    </message>
    <message>
        <source>%1 (%2, %3)</source>
        <translation>%1（%2，%3）</translation>
    </message>
    <message>
        <source>The host’s computer</source>
        <translation>主持人的电脑</translation>
    </message>
    <message>
        <source>Sound and pictures of everybody</source>
        <translation>所有人的声音和画面</translation>
    </message>
    <message>
        <source>Pass through the host’s computer to the people in the meeting, encrypted on the way. Not kept.</source>
        <translation>经主持人的电脑传给与会者，传输中加密，不保存。</translation>
    </message>
    <message>
        <source>Captions of: %1</source>
        <translation>正在为以下人员生成字幕：%1</translation>
    </message>
    <message>
        <source>Captions: of nobody</source>
        <translation>字幕：没有人</translation>
    </message>
    <message>
        <source>Where: %1. Everybody here sees them. Finished sentences stay on the host’s computer until somebody deletes them there; the sound does not.</source>
        <translation>位置：%1。这里的所有人都能看到。完成的句子保存在主持人的电脑上，直到有人在那里删除；声音不保存。</translation>
    </message>
    <message>
        <source>Guesses from the faces of: %1</source>
        <translation>正在根据以下人员的面部猜测：%1</translation>
    </message>
    <message>
        <source>%1 (everybody sees it)</source>
        <translation>%1（所有人可见）</translation>
    </message>
    <message>
        <source>%1 (nobody else sees it)</source>
        <translation>%1（他人不可见）</translation>
    </message>
    <message>
        <source>Guesses from faces: of nobody</source>
        <translation>面部猜测：没有人</translation>
    </message>
    <message>
        <source>Where: %1. No picture and no guess is kept, only who turned it on or off, and when.</source>
        <translation>位置：%1。不保存画面和猜测，只记录谁在何时开启或关闭。</translation>
    </message>
    <message>
        <source>Checks of cameras, for seconds, of those who agree</source>
        <translation>检测摄像头：仅限同意的人，持续数秒</translation>
    </message>
    <message>
        <source>Where: %1. Nothing is kept but who agreed, and when.</source>
        <translation>运行位置：%1。只记录谁在何时同意。</translation>
    </message>
    <message>
        <source>When somebody wants to check my camera in this meeting</source>
        <translation>本次会议中有人要检测我的摄像头时</translation>
    </message>
    <message>
        <source>Ask me</source>
        <translation>询问我</translation>
    </message>
    <message>
        <source>Allow it</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>Refuse it</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>My face</source>
        <translation>我的面部</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>Ready</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Ready to join?</source>
        <translation>准备加入？</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>取消静音</translation>
    </message>
    <message>
        <source>Stop video</source>
        <translation>关闭视频</translation>
    </message>
    <message>
        <source>Start video</source>
        <translation>开启视频</translation>
    </message>
    <message>
        <source>Show me my own picture as in a mirror</source>
        <translation>像照镜子一样显示我的画面</translation>
    </message>
    <message>
        <source>Join now</source>
        <translation>立即加入</translation>
    </message>
    <message>
        <source>Show this before every meeting</source>
        <translation>每次会议前都显示此页</translation>
    </message>
</context>
<context>
    <name>Recent</name>
    <message>
        <source>Joined before</source>
        <translation>曾加入的会议</translation>
    </message>
    <message>
        <source>Join again</source>
        <translation>再次加入</translation>
    </message>
    <message>
        <source>Join again: %1</source>
        <translation>再次加入：%1</translation>
    </message>
    <message>
        <source>Forget this meeting: %1</source>
        <translation>忘记此会议：%1</translation>
    </message>
</context>
<context>
    <name>RecordCard</name>
    <message>
        <source>Recording</source>
        <translation>正在录制</translation>
    </message>
    <message>
        <source>Record this meeting?</source>
        <translation>录制此会议？</translation>
    </message>
    <message>
        <source>The recording is paused: nothing is recorded until you go on.</source>
        <translation>录制已暂停：在您继续之前不会录制任何内容。</translation>
    </message>
    <message>
        <source>Who is recorded now: %1</source>
        <translation>正在录制的人：%1</translation>
    </message>
    <message>
        <source>Everybody is asked before anything of them is recorded, also who comes later. Who says no, or does not answer, is left out. By starting it you agree to be in it yourself.</source>
        <translation>录制之前会先征求每个人的同意，后来加入的人也一样。拒绝或未回答的人不会被录制。开始录制即表示您同意自己被录制。</translation>
    </message>
    <message>
        <source>Start recording</source>
        <translation>开始录制</translation>
    </message>
    <message>
        <source>Go on recording</source>
        <translation>继续录制</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>停止录制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Don’t record</source>
        <translation>不录制</translation>
    </message>
</context>
<context>
    <name>RecordingCard</name>
    <message>
        <source>This meeting is recorded</source>
        <translation>此会议正在录制</translation>
    </message>
    <message>
        <source>%1 records this meeting. If you agree, your voice, your camera and what you share are in the recording.</source>
        <translation>%1 正在录制此会议。如果您同意，您的声音、摄像头和共享内容都会被录制。</translation>
    </message>
    <message>
        <source>Who sees it</source>
        <translation>谁能看到</translation>
    </message>
    <message>
        <source>Whoever has this meeting’s host computer, and whoever they give the recording to.</source>
        <translation>使用主持人电脑的人，以及得到录制文件的人。</translation>
    </message>
    <message>
        <source>What is kept</source>
        <translation>保存什么</translation>
    </message>
    <message>
        <source>Sound and pictures of those who agree, on the host’s computer, until somebody deletes them. Your part can be erased.</source>
        <translation>同意者的声音和画面保存在主持人的电脑上，直到有人将其删除。您的部分可以被清除。</translation>
    </message>
    <message>
        <source>If you say no</source>
        <translation>如果您不同意</translation>
    </message>
    <message>
        <source>You take part as before, and the recording has silence and an empty picture in your place.</source>
        <translation>您照常参加会议，录制中您的位置是静音和空白画面。</translation>
    </message>
    <message>
        <source>You can change this at any time: press the sign “Recording” at the top.</source>
        <translation>您可以随时更改：请按顶部的“正在录制”标志。</translation>
    </message>
    <message>
        <source>Record me</source>
        <translation>录制我</translation>
    </message>
    <message>
        <source>Leave me out</source>
        <translation>不要录制我</translation>
    </message>
</context>
<context>
    <name>RecordingsCard</name>
    <message>
        <source>Recordings of this meeting</source>
        <translation>本次会议的录制</translation>
    </message>
    <message>
        <source>Asking the host…</source>
        <translation>正在询问主持人…</translation>
    </message>
    <message>
        <source>Only who runs this meeting may see its recordings.</source>
        <translation>只有主持此会议的人才能观看录制。</translation>
    </message>
    <message>
        <source>The host does not answer. It is asked again.</source>
        <translation>主持人没有响应，正在重试。</translation>
    </message>
    <message>
        <source>Nothing was recorded yet. When a recording is over its film is made, and stands here.</source>
        <translation>还没有录制。录制结束后会制作影片并显示在这里。</translation>
    </message>
    <message>
        <source>Recording %1</source>
        <translation>第 %1 段录制</translation>
    </message>
    <message>
        <source>The film of recording %1 is being made, %2 %</source>
        <translation>正在制作第 %1 段录制的影片，%2 %</translation>
    </message>
    <message>
        <source>The film of recording %1 will be made.</source>
        <translation>即将制作第 %1 段录制的影片。</translation>
    </message>
    <message>
        <source>There is no film of recording %1.</source>
        <translation>第 %1 段录制还没有影片。</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Play recording %1</source>
        <translation>播放第 %1 段录制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>RulesCard</name>
    <message>
        <source>How this meeting is run</source>
        <translation>会议管理</translation>
    </message>
    <message>
        <source>Newcomers wait until somebody lets them in</source>
        <translation>新来的人须等待准入</translation>
    </message>
    <message>
        <source>Locked: nobody new comes in</source>
        <translation>锁定：其他人无法再加入</translation>
    </message>
    <message>
        <source>Newcomers are guests, who may write to the hosts only</source>
        <translation>新来的人为访客，只能给主持人发消息</translation>
    </message>
    <message>
        <source>People may unmute themselves</source>
        <translation>参会者可以自行取消静音</translation>
    </message>
    <message>
        <source>People may share their screen</source>
        <translation>参会者可以共享屏幕</translation>
    </message>
    <message>
        <source>People may share files</source>
        <translation>参会者可以共享文件</translation>
    </message>
    <message>
        <source>People may write to everybody</source>
        <translation>参会者可以给所有人发消息</translation>
    </message>
    <message>
        <source>People may write to each other privately</source>
        <translation>参会者可以互发私信</translation>
    </message>
    <message>
        <source>Guesses from faces, for those who turn them on for themselves</source>
        <translation>面部猜测（仅限自己开启的人）</translation>
    </message>
    <message>
        <source>Not in this meeting</source>
        <translation>本次会议不使用</translation>
    </message>
    <message>
        <source>Each sees their own</source>
        <translation>各人只看自己的</translation>
    </message>
    <message>
        <source>Everybody may see them</source>
        <translation>所有人都可以看</translation>
    </message>
    <message>
        <source>At work and at school nobody may guess the emotions of others, so everybody sees only their own. The settings say where Parley is used.</source>
        <translation>在工作场所和学校，任何人都不得猜测他人的情绪，因此各人只能看到自己的。使用场所可在设置中更改。</translation>
    </message>
    <message>
        <source>Checks of a camera, if its owner agrees each time</source>
        <translation>检测摄像头（每次须本人同意）</translation>
    </message>
    <message>
        <source>Anyone may ask</source>
        <translation>任何人都可以请求</translation>
    </message>
    <message>
        <source>Only hosts may ask</source>
        <translation>仅主持人可以请求</translation>
    </message>
    <message>
        <source>Passcode is set. A new one:</source>
        <translation>已设密码。新密码：</translation>
    </message>
    <message>
        <source>Passcode for those who join from now on</source>
        <translation>今后加入者所需的密码</translation>
    </message>
    <message>
        <source>Set passcode</source>
        <translation>设置密码</translation>
    </message>
    <message>
        <source>No passcode any more</source>
        <translation>不再使用密码</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>Setting</name>
    <message>
        <source>Where do you use Parley?</source>
        <translation>您在哪里使用 Parley？</translation>
    </message>
    <message>
        <source>At work</source>
        <translation>工作单位</translation>
    </message>
    <message>
        <source>At school</source>
        <translation>学校</translation>
    </message>
    <message>
        <source>Privately</source>
        <translation>私人使用</translation>
    </message>
    <message>
        <source>At work and at school nobody may guess the emotions of others from their faces. There, guesses about your face are shown to you alone, and only if you turn them on.</source>
        <translation>在工作单位和学校，任何人都不得根据面部推测他人的情绪。在这些场合，对您面部的推测只显示给您本人，且仅在您开启后才会进行。</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>You and the window</source>
        <translation>个人与窗口</translation>
    </message>
    <message>
        <source>Sound and video</source>
        <translation>声音和视频</translation>
    </message>
    <message>
        <source>Captions</source>
        <translation>字幕</translation>
    </message>
    <message>
        <source>Files for captions</source>
        <translation>字幕文件</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>键盘</translation>
    </message>
    <message>
        <source>What is processed here</source>
        <translation>这里处理什么</translation>
    </message>
    <message>
        <source>About Parley</source>
        <translation>关于 Parley</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>ShareCard</name>
    <message>
        <source>Share what is on your screen?</source>
        <translation>共享屏幕内容？</translation>
    </message>
    <message>
        <source>Everybody in the meeting sees it, notifications included if you show a whole screen.</source>
        <translation>会议中的所有人都会看到；共享整个屏幕时也包括通知。</translation>
    </message>
    <message>
        <source>This system lets no program show its screen.</source>
        <translation>此系统不允许程序显示屏幕。</translation>
    </message>
    <message>
        <source>Window: %1</source>
        <translation>窗口：%1</translation>
    </message>
    <message>
        <source>Screen: %1</source>
        <translation>屏幕：%1</translation>
    </message>
    <message>
        <source>What matters</source>
        <translation>侧重</translation>
    </message>
    <message>
        <source>Sharp letters</source>
        <translation>文字清晰</translation>
    </message>
    <message>
        <source>Smooth motion</source>
        <translation>动作流畅</translation>
    </message>
    <message>
        <source>Also share what this computer plays</source>
        <translation>同时共享电脑播放的声音</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>共享</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>SidePane</name>
    <message>
        <source>Transcript</source>
        <translation>文字记录</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>聊天</translation>
    </message>
    <message numerus="yes">
        <source>Chat, %n new</source>
        <translation>
            <numerusform>聊天，%n 条新消息</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>People, %n</source>
        <translation>
            <numerusform>成员，%n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Files, %n new</source>
        <translation>
            <numerusform>文件，%n 个新</numerusform>
        </translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Close the pane</source>
        <translation>关闭侧栏</translation>
    </message>
</context>
<context>
    <name>SmallWindow</name>
    <message>
        <source>%1 – small</source>
        <translation>%1 – 小窗口</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>取消静音</translation>
    </message>
    <message>
        <source>Back to the whole window</source>
        <translation>返回完整窗口</translation>
    </message>
</context>
<context>
    <name>SoundAndVideo</name>
    <message>
        <source>Stop video</source>
        <translation>关闭视频</translation>
    </message>
    <message>
        <source>Start video</source>
        <translation>开启视频</translation>
    </message>
    <message>
        <source>Noise around you</source>
        <translation>周围的噪声</translation>
    </message>
    <message>
        <source>Taken away, but not from captions</source>
        <translation>消除，但字幕使用原声</translation>
    </message>
    <message>
        <source>Always taken away</source>
        <translation>始终消除</translation>
    </message>
    <message>
        <source>Kept, for music</source>
        <translation>保留，适合音乐</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>As sharp as the network allows</source>
        <translation>网络允许时尽量清晰</translation>
    </message>
    <message>
        <source>Medium, for a slower computer</source>
        <translation>中等，适合较慢的电脑</translation>
    </message>
    <message>
        <source>Small, for a slow network</source>
        <translation>较小，适合较慢的网络</translation>
    </message>
    <message>
        <source>Take away the echo of my loudspeaker</source>
        <translation>消除扬声器的回声</translation>
    </message>
    <message>
        <source>Make me equally loud, near and far</source>
        <translation>无论远近，音量保持一致</translation>
    </message>
    <message>
        <source>Tell me when I talk while muted</source>
        <translation>静音时说话提醒我</translation>
    </message>
    <message>
        <source>A sound when somebody comes or goes</source>
        <translation>有人进出时播放提示音</translation>
    </message>
    <message>
        <source>Show me my own picture as in a mirror</source>
        <translation>像照镜子一样显示我的画面</translation>
    </message>
    <message>
        <source>Blur the room behind me</source>
        <translation>虚化我身后的房间</translation>
    </message>
    <message>
        <source>Try sound and picture before every meeting</source>
        <translation>每次会议前先试声音和画面</translation>
    </message>
</context>
<context>
    <name>StatisticsCard</name>
    <message>
        <source>Your connection</source>
        <translation>您的连接</translation>
    </message>
    <message>
        <source>Nothing has been measured yet.</source>
        <translation>尚无测量结果。</translation>
    </message>
    <message>
        <source>It is good: nobody should notice anything.</source>
        <translation>连接良好：不会有明显影响。</translation>
    </message>
    <message>
        <source>It is fair: now and then a picture may become smaller.</source>
        <translation>连接一般：画面偶尔会变小。</translation>
    </message>
    <message>
        <source>It is poor: sound may break up. Use a cable, go nearer to the Wi-Fi, or stop your video.</source>
        <translation>连接较差：声音可能断续。请使用网线、靠近无线路由器，或关闭视频。</translation>
    </message>
    <message>
        <source>Your uplink carries %1 kbps</source>
        <translation>您的上行带宽为 %1 kbps</translation>
    </message>
    <message>
        <source>Sending %1p.</source>
        <translation>正在发送 %1p。</translation>
    </message>
    <message>
        <source>No picture of yours is sent now.</source>
        <translation>目前没有发送您的画面。</translation>
    </message>
    <message>
        <source>To the host and back: %1 ms</source>
        <translation>往返主持人电脑：%1 毫秒</translation>
    </message>
    <message>
        <source>People may begin to talk over each other.</source>
        <translation>大家可能会同时开口。</translation>
    </message>
    <message>
        <source>Too short to notice.</source>
        <translation>短到察觉不到。</translation>
    </message>
    <message>
        <source>Lost on the way: %1 % of what you send, %2 % of what you get</source>
        <translation>传输丢失：发送 %1 %，接收 %2 %</translation>
    </message>
    <message>
        <source>Small losses are repaired.</source>
        <translation>少量丢失会被修复。</translation>
    </message>
    <message>
        <source>More than can always be repaired.</source>
        <translation>超出了总能修复的范围。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Stepper</name>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>Tile</name>
    <message>
        <source>%1 (you)</source>
        <translation>%1（我）</translation>
    </message>
    <message>
        <source>%1’s screen</source>
        <translation>%1 的屏幕</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>Weak network</source>
        <translation>网络较弱</translation>
    </message>
    <message>
        <source>Guessing. Stop</source>
        <translation>正在猜测，点此停止</translation>
    </message>
    <message>
        <source>Face is read</source>
        <translation>正在分析面部</translation>
    </message>
    <message>
        <source>Stop guessing from your face</source>
        <translation>停止根据您的面部猜测</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>已固定</translation>
    </message>
    <message>
        <source>Large for everybody</source>
        <translation>对所有人放大</translation>
    </message>
    <message>
        <source>speaking</source>
        <translation>正在发言</translation>
    </message>
    <message>
        <source>muted</source>
        <translation>已静音</translation>
    </message>
    <message>
        <source>weak network</source>
        <translation>网络较弱</translation>
    </message>
    <message>
        <source>camera off</source>
        <translation>摄像头已关闭</translation>
    </message>
    <message>
        <source>hand raised</source>
        <translation>已举手</translation>
    </message>
    <message>
        <source>face is read</source>
        <translation>正在分析面部</translation>
    </message>
    <message>
        <source>pinned</source>
        <translation>已固定</translation>
    </message>
    <message>
        <source>large for everybody</source>
        <translation>对所有人放大</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>正在连接</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Time in the meeting: %1</source>
        <translation>会议时间：%1</translation>
    </message>
    <message>
        <source>This network only</source>
        <translation>仅限本网络</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>Recording paused</source>
        <translation>录制已暂停</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>正在录制</translation>
    </message>
    <message>
        <source>Recording without you</source>
        <translation>正在录制（不含您）</translation>
    </message>
    <message>
        <source>Stop sharing</source>
        <translation>停止共享</translation>
    </message>
    <message>
        <source>Everybody alike</source>
        <translation>大小一致</translation>
    </message>
    <message>
        <source>The speaker large</source>
        <translation>放大发言人</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Invite</source>
        <translation>邀请</translation>
    </message>
</context>
<context>
    <name>TranscriptPane</name>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>找到 %n 条</numerusform>
        </translation>
    </message>
    <message>
        <source>Search the transcript</source>
        <translation>搜索文字记录</translation>
    </message>
    <message>
        <source>Copy what was found</source>
        <translation>复制找到的内容</translation>
    </message>
    <message>
        <source>Copy the transcript</source>
        <translation>复制文字记录</translation>
    </message>
    <message>
        <source>Save the transcript</source>
        <translation>保存文字记录</translation>
    </message>
    <message>
        <source>Copy the line</source>
        <translation>复制这一句</translation>
    </message>
    <message>
        <source>Put the words right…</source>
        <translation>更正文字…</translation>
    </message>
    <message>
        <source>Show what was said around it</source>
        <translation>显示前后内容</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1，%2：%3</translation>
    </message>
    <message>
        <source>Transcript</source>
        <translation>文字记录</translation>
    </message>
    <message>
        <source>Nothing has been said yet. Finished sentences stand here with the speaker’s name.</source>
        <translation>还没有人发言。说完的句子会连同发言人的名字显示在这里。</translation>
    </message>
    <message>
        <source>Captions are off in this meeting, so there is no transcript.</source>
        <translation>本次会议未开启字幕，因此没有文字记录。</translation>
    </message>
    <message numerus="yes">
        <source>Go to newest, %n new</source>
        <translation>
            <numerusform>转到最新，%n 条新内容</numerusform>
        </translation>
    </message>
    <message>
        <source>Go to newest</source>
        <translation>转到最新</translation>
    </message>
    <message>
        <source>Caption my voice</source>
        <translation>为我的发言生成字幕</translation>
    </message>
    <message>
        <source>Captions for everyone in this meeting</source>
        <translation>为本次会议所有人开启字幕</translation>
    </message>
    <message>
        <source>Written by a computer on this network. Check what matters.</source>
        <translation>由本网络中的电脑生成，重要内容请核对。</translation>
    </message>
</context>
<context>
    <name>Waiting</name>
    <message>
        <source>You are in front of “%1”. Somebody inside will let you in; keep this window open.</source>
        <translation>您正在“%1”门外等候。会议中的人会让您进入，请不要关闭此窗口。</translation>
    </message>
    <message>
        <source>The meeting is still starting. You can stop and try again.</source>
        <translation>会议仍在启动。您可以停止后重试。</translation>
    </message>
    <message>
        <source>Starting the meeting…</source>
        <translation>正在开始会议…</translation>
    </message>
    <message>
        <source>The host has not answered yet. You can stop and check the link.</source>
        <translation>主持人还没有应答。您可以停止并检查链接。</translation>
    </message>
    <message>
        <source>Joining the meeting…</source>
        <translation>正在加入会议…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>Step %1 of %2</source>
        <translation>第 %1 步，共 %2 步</translation>
    </message>
    <message>
        <source>Welcome to Parley</source>
        <translation>欢迎使用 Parley</translation>
    </message>
    <message>
        <source>What is processed, and where</source>
        <translation>处理什么，在哪里处理</translation>
    </message>
    <message>
        <source>Captions in meetings you host</source>
        <translation>您主持的会议中的字幕</translation>
    </message>
    <message>
        <source>Meetings on your own network. What should others call you?</source>
        <translation>在您自己的网络上开会。别人该如何称呼您？</translation>
    </message>
    <message>
        <source>One page, so that you know. It is in the settings, too.</source>
        <translation>一页说明，供您了解。设置中也可以查看。</translation>
    </message>
    <message>
        <source>They are made on your computer, so it needs a file for that. Joining needs nothing.</source>
        <translation>字幕在您的电脑上生成，因此需要一个文件。加入会议则什么都不需要。</translation>
    </message>
    <message>
        <source>Your name, as others see it</source>
        <translation>您的名字（他人看到的）</translation>
    </message>
    <message>
        <source>Live captions</source>
        <translation>实时字幕</translation>
    </message>
    <message>
        <source>Everything is here. Works without internet.</source>
        <translation>已全部就绪，无需联网。</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>A download goes on when you press Done. You can pause it on the first screen.</source>
        <translation>按“完成”后下载会继续。您可以在首页暂停。</translation>
    </message>
</context>
<context>
    <name>WithdrawCard</name>
    <message>
        <source>Withdraw %1?</source>
        <translation>撤回 %1？</translation>
    </message>
    <message>
        <source>It is deleted from the host’s computer, and nobody can save it any more. Who has saved it keeps it.</source>
        <translation>文件将从主持人的电脑上删除，其他人无法再保存。已保存的副本不受影响。</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <source>Something went wrong. Try again.</source>
        <translation>出现问题，请重试。</translation>
    </message>
    <message>
        <source>Type your name first: it is how the others see you.</source>
        <translation>请先输入您的名字，其他人会看到它。</translation>
    </message>
    <message>
        <source>This is not a whole meeting link. Copy the link from the invitation and paste it again.</source>
        <translation>这不是完整的会议链接。请从邀请中复制完整链接并重新粘贴。</translation>
    </message>
    <message>
        <source>This invitation is no longer valid. Ask the host for a new link.</source>
        <translation>此邀请已失效，请向主持人索取新链接。</translation>
    </message>
    <message>
        <source>No meeting has this code. Check it with the host.</source>
        <translation>没有使用此代码的会议，请向主持人核对。</translation>
    </message>
    <message>
        <source>This meeting is full. Ask the host to make room, then try again.</source>
        <translation>会议人数已满。请让主持人腾出位置后重试。</translation>
    </message>
    <message>
        <source>The host cannot be reached. Check that both computers are on the same network, then try again.</source>
        <translation>无法连接主持人。请确认两台电脑在同一网络中，然后重试。</translation>
    </message>
    <message>
        <source>Another computer answered in the host’s place. Do not join; ask the host for a new link.</source>
        <translation>应答的是另一台电脑，不是主持人的电脑。请不要加入，并向主持人索取新链接。</translation>
    </message>
    <message>
        <source>Another program uses this computer’s meeting port. Close it, then try again.</source>
        <translation>另一个程序占用了这台电脑的会议端口。请关闭该程序后重试。</translation>
    </message>
    <message>
        <source>The files for captions are not on this computer yet.</source>
        <translation>这台电脑上还没有字幕所需的文件。</translation>
    </message>
    <message>
        <source>The microphone or the camera cannot be used. Check that it is plugged in and free.</source>
        <translation>无法使用麦克风或摄像头。请检查设备是否已连接，并且没有被其他程序占用。</translation>
    </message>
    <message>
        <source>Only the host may do this.</source>
        <translation>只有主持人可以这样做。</translation>
    </message>
    <message>
        <source>Too many attempts. Wait a minute, then try again.</source>
        <translation>尝试次数过多。请稍等一分钟后重试。</translation>
    </message>
    <message>
        <source>Your computer and the host’s have different versions of Parley. Update both.</source>
        <translation>您的电脑和主持人的电脑上 Parley 版本不同，请都更新。</translation>
    </message>
    <message>
        <source>Captions stopped for a moment and are starting again. The meeting goes on.</source>
        <translation>字幕暂时中断，正在恢复。会议不受影响。</translation>
    </message>
    <message>
        <source>You were not let in. Ask whoever invited you.</source>
        <translation>您未获准进入。请询问邀请您的人。</translation>
    </message>
    <message>
        <source>You were removed from this meeting. Ask the host.</source>
        <translation>您已被移出此会议。请询问主持人。</translation>
    </message>
    <message>
        <source>This meeting is locked. Ask somebody inside to unlock it.</source>
        <translation>此会议已锁定。请会议中的人解锁。</translation>
    </message>
    <message>
        <source>This meeting needs a passcode, and this is not it. Ask the host.</source>
        <translation>此会议需要密码，您输入的密码不正确。请询问主持人。</translation>
    </message>
    <message>
        <source>That person is not in this meeting any more.</source>
        <translation>此人已不在会议中。</translation>
    </message>
    <message>
        <source>There is no room to save. Free 200 MB, then try again.</source>
        <translation>空间不足，无法保存。请腾出 200 MB 后重试。</translation>
    </message>
    <message>
        <source>The meeting has ended.</source>
        <translation>会议已结束。</translation>
    </message>
    <message>
        <source>The meeting could not be started on this computer.</source>
        <translation>无法在这台电脑上开始会议。</translation>
    </message>
    <message>
        <source>Parley’s sound and video stopped because of a mistake of ours. Join again.</source>
        <translation>由于程序错误，Parley 的声音和视频已中断。请重新加入。</translation>
    </message>
    <message>
        <source>Not captioned</source>
        <translation>未加字幕</translation>
    </message>
    <message>
        <source>Captions were interrupted: up to 10 seconds may be missing.</source>
        <translation>字幕中断：可能缺少最多 10 秒的内容。</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>%1 joins</source>
        <translation>%1 加入</translation>
    </message>
    <message>
        <source>After a pause</source>
        <translation>暂停之后</translation>
    </message>
    <message>
        <source>Captions in many languages</source>
        <translation>多语言字幕</translation>
    </message>
    <message>
        <source>Captions in English, for slow computers</source>
        <translation>英文字幕，适合较慢的电脑</translation>
    </message>
    <message>
        <source>Telling speech from noise</source>
        <translation>区分语音与噪声</translation>
    </message>
    <message>
        <source>Finding faces</source>
        <translation>寻找人脸</translation>
    </message>
    <message>
        <source>Guesses from faces</source>
        <translation>由面部推测情绪</translation>
    </message>
    <message>
        <source>Blurring the background</source>
        <translation>背景虚化</translation>
    </message>
    <message>
        <source>Looking into %1…</source>
        <translation>正在查看 %1…</translation>
    </message>
    <message>
        <source>Copying from %1. Every file is checked.</source>
        <translation>正在从 %1 复制。每个文件都会核对。</translation>
    </message>
    <message>
        <source>%1 is damaged, or was not copied to its end. Copy it to the stick again.</source>
        <translation>%1 已损坏，或没有复制完整。请重新复制到 U 盘。</translation>
    </message>
    <message>
        <source>%1 cannot be read. Check that the stick is plugged in, then try again.</source>
        <translation>无法读取 %1。请检查 U 盘是否已插好，然后重试。</translation>
    </message>
    <message>
        <source>There is no room: %1 MB are needed, and %2 MB are free. Make room, then try again.</source>
        <translation>空间不足：需要 %1 MB，可用 %2 MB。请腾出空间后重试。</translation>
    </message>
    <message>
        <source>Stopped. What was copied whole stays.</source>
        <translation>已停止。已完整复制的文件会保留。</translation>
    </message>
    <message>
        <source>%1 MB, waiting</source>
        <translation>%1 MB，等待中</translation>
    </message>
    <message>
        <source>%1 of %2 MB</source>
        <translation>%1 / %2 MB</translation>
    </message>
    <message>
        <source>written. Bring it to the other computer and choose it there.</source>
        <translation>已写好。请把它带到另一台电脑，在那里选择它。</translation>
    </message>
    <message>
        <source>copied and checked</source>
        <translation>已复制并核对</translation>
    </message>
    <message>
        <source>was here already</source>
        <translation>本来就有</translation>
    </message>
    <message>
        <source>belongs to another version of Parley. Update Parley on both computers and write the file again.</source>
        <translation>属于另一个版本的 Parley。请在两台电脑上更新 Parley，然后重新写文件。</translation>
    </message>
    <message>
        <source>some of its files are missing. Write or copy it again.</source>
        <translation>缺少部分文件。请重新写或复制。</translation>
    </message>
    <message>
        <source>this version of Parley does not know it. A newer one may.</source>
        <translation>此版本的 Parley 不认识它，较新的版本可能认识。</translation>
    </message>
    <message>
        <source>damaged, and not taken. Copy it to the stick again.</source>
        <translation>已损坏，未采用。请重新复制到 U 盘。</translation>
    </message>
    <message>
        <source>not copied</source>
        <translation>未复制</translation>
    </message>
    <message>
        <source>not in it. Captions in meetings that you host need it.</source>
        <translation>不在其中。您主持的会议需要它才有字幕。</translation>
    </message>
    <message>
        <source>Mute or unmute</source>
        <translation>静音或取消静音</translation>
    </message>
    <message>
        <source>Talk while muted, as long as it is held</source>
        <translation>静音时按住说话</translation>
    </message>
    <message>
        <source>Start or stop video</source>
        <translation>开启或停止视频</translation>
    </message>
    <message>
        <source>Raise or lower my hand</source>
        <translation>举手或放下手</translation>
    </message>
    <message>
        <source>Share my screen, or stop</source>
        <translation>共享屏幕或停止共享</translation>
    </message>
    <message>
        <source>A small window above the others</source>
        <translation>置顶小窗口</translation>
    </message>
    <message>
        <source>Your connection</source>
        <translation>您的连接</translation>
    </message>
    <message>
        <source>What is processed here</source>
        <translation>这里在处理什么</translation>
    </message>
    <message>
        <source>Record this meeting</source>
        <translation>录制此会议</translation>
    </message>
    <message>
        <source>Recordings of this meeting</source>
        <translation>本次会议的录制</translation>
    </message>
    <message>
        <source>Guesses from your face</source>
        <translation>根据您的面部猜测</translation>
    </message>
    <message>
        <source>Check a camera</source>
        <translation>检测摄像头</translation>
    </message>
    <message>
        <source>Show or hide guesses from faces</source>
        <translation>显示或隐藏面部猜测</translation>
    </message>
    <message>
        <source>React without speaking</source>
        <translation>不说话也能回应</translation>
    </message>
    <message>
        <source>Mute everybody</source>
        <translation>全体静音</translation>
    </message>
    <message>
        <source>How this meeting is run</source>
        <translation>会议管理</translation>
    </message>
    <message>
        <source>Words that captions should know</source>
        <translation>字幕词汇表</translation>
    </message>
    <message>
        <source>What runs where</source>
        <translation>各项工作在哪里运行</translation>
    </message>
    <message>
        <source>Show the chat</source>
        <translation>显示聊天</translation>
    </message>
    <message>
        <source>Show or hide captions</source>
        <translation>显示或隐藏字幕</translation>
    </message>
    <message>
        <source>Show the transcript</source>
        <translation>显示文字记录</translation>
    </message>
    <message>
        <source>Show the people</source>
        <translation>显示参会者</translation>
    </message>
    <message>
        <source>Show the files</source>
        <translation>显示文件</translation>
    </message>
    <message>
        <source>Share a file</source>
        <translation>共享文件</translation>
    </message>
    <message>
        <source>Search the transcript</source>
        <translation>搜索文字记录</translation>
    </message>
    <message>
        <source>Everybody alike, or the speaker large</source>
        <translation>大小一致，或放大发言人</translation>
    </message>
    <message>
        <source>Show or hide my own tile</source>
        <translation>显示或隐藏我的画面</translation>
    </message>
    <message>
        <source>Invite people</source>
        <translation>邀请他人</translation>
    </message>
    <message>
        <source>Next part of the window</source>
        <translation>窗口的下一部分</translation>
    </message>
    <message>
        <source>Previous part of the window</source>
        <translation>窗口的上一部分</translation>
    </message>
    <message>
        <source>Leave the meeting</source>
        <translation>离开会议</translation>
    </message>
    <message>
        <source>Find an action</source>
        <translation>查找操作</translation>
    </message>
    <message>
        <source>Meetings held here</source>
        <translation>在这里举行的会议</translation>
    </message>
    <message>
        <source>Sound and video</source>
        <translation>声音和视频</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Full screen, or a window again</source>
        <translation>全屏，或恢复窗口</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>放大文字</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>缩小文字</translation>
    </message>
    <message>
        <source>Text as designed</source>
        <translation>默认文字大小</translation>
    </message>
    <message>
        <source>%1 of %2. It goes on when the connection is back.</source>
        <translation>%1 / %2。连接恢复后会自动继续。</translation>
    </message>
    <message>
        <source>%1. Being prepared…</source>
        <translation>%1。正在准备…</translation>
    </message>
    <message>
        <source>Being sent: %1 of %2</source>
        <translation>正在发送：%1 / %2</translation>
    </message>
    <message>
        <source>On its way to the host: %1 of %2</source>
        <translation>正在传到主持人的电脑：%1 / %2</translation>
    </message>
    <message>
        <source>Being saved: %1 of %2</source>
        <translation>正在保存：%1 / %2</translation>
    </message>
    <message>
        <source>%1, saved on this computer</source>
        <translation>%1，已保存到这台电脑</translation>
    </message>
    <message>
        <source>on the processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>on the graphics card</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>This window</source>
        <translation>本窗口</translation>
    </message>
    <message>
        <source>Meeting room</source>
        <translation>会议室</translation>
    </message>
    <message>
        <source>People and messages</source>
        <translation>人员和消息</translation>
    </message>
    <message>
        <source>Sound and pictures</source>
        <translation>声音和画面</translation>
    </message>
    <message>
        <source>Work for the models</source>
        <translation>模型任务分配</translation>
    </message>
    <message>
        <source>Captions</source>
        <translation>字幕</translation>
    </message>
    <message>
        <source>Parley on a computer</source>
        <translation>电脑上的 Parley</translation>
    </message>
    <message>
        <source>Parley without a window</source>
        <translation>无窗口的 Parley</translation>
    </message>
    <message>
        <source>In a browser</source>
        <translation>通过浏览器</translation>
    </message>
    <message>
        <source>A camera or program that sends</source>
        <translation>发送画面的摄像头或程序</translation>
    </message>
    <message>
        <source>A program that watches</source>
        <translation>观看会议的程序</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>主持人</translation>
    </message>
    <message>
        <source>Co-host</source>
        <translation>联席主持人</translation>
    </message>
    <message>
        <source>Guest</source>
        <translation>访客</translation>
    </message>
    <message>
        <source>I agree</source>
        <translation>赞同</translation>
    </message>
    <message>
        <source>I disagree</source>
        <translation>不赞同</translation>
    </message>
    <message>
        <source>Applause</source>
        <translation>鼓掌</translation>
    </message>
    <message>
        <source>I like it</source>
        <translation>喜欢</translation>
    </message>
    <message>
        <source>Funny</source>
        <translation>好笑</translation>
    </message>
    <message>
        <source>What a surprise</source>
        <translation>惊讶</translation>
    </message>
    <message>
        <source>Hooray</source>
        <translation>庆祝</translation>
    </message>
    <message>
        <source>Slower, please</source>
        <translation>请慢一点</translation>
    </message>
    <message>
        <source>Faster, please</source>
        <translation>请快一点</translation>
    </message>
    <message>
        <source>%1 opened a lobby: newcomers wait until they are let in.</source>
        <translation>%1 开启了等候室：新来的人须等待准入。</translation>
    </message>
    <message>
        <source>%1 closed the lobby: newcomers come straight in.</source>
        <translation>%1 关闭了等候室：新来的人可以直接进入。</translation>
    </message>
    <message>
        <source>%1 locked the meeting: nobody new comes in.</source>
        <translation>%1 锁定了会议：其他人无法再加入。</translation>
    </message>
    <message>
        <source>%1 unlocked the meeting.</source>
        <translation>%1 解锁了会议。</translation>
    </message>
    <message>
        <source>%1 decides who speaks. Raise your hand to be asked.</source>
        <translation>由 %1 决定谁发言。请举手示意。</translation>
    </message>
    <message>
        <source>%1 allowed everybody to share files.</source>
        <translation>%1 已允许所有人共享文件。</translation>
    </message>
    <message>
        <source>%1 turned the sharing of files off.</source>
        <translation>%1 已关闭文件共享。</translation>
    </message>
    <message>
        <source>%1 turned the chat off.</source>
        <translation>%1 关闭了聊天。</translation>
    </message>
    <message>
        <source>%1 turned sharing of screens off.</source>
        <translation>%1 关闭了屏幕共享。</translation>
    </message>
    <message>
        <source>%1 changed how the meeting is run.</source>
        <translation>%1 更改了会议的管理方式。</translation>
    </message>
    <message>
        <source>We lost the host. Trying again. Your transcript is safe.</source>
        <translation>与主持人的连接已断开，正在重试。您的文字记录不会丢失。</translation>
    </message>
    <message>
        <source>Captions are %1 s behind because the host’s computer is busy.</source>
        <translation>字幕延迟 %1 秒，因为主持人的电脑较忙。</translation>
    </message>
    <message>
        <source>Captions are paused: the host’s computer is too busy. Sound and video go on.</source>
        <translation>字幕已暂停：主持人的电脑过于繁忙。声音和视频不受影响。</translation>
    </message>
    <message>
        <source>Captions are late or missing. Sound and video go on.</source>
        <translation>字幕有延迟或暂时缺失，声音和视频不受影响。</translation>
    </message>
    <message>
        <source>%1 asks you to start your video.</source>
        <translation>%1 请您开启视频。</translation>
    </message>
    <message>
        <source>There is feedback: another device in this room is in the meeting too. Mute one of them, or use headphones.</source>
        <translation>出现啸叫：同一房间里还有另一台设备在会议中。请将其中一台静音，或使用耳机。</translation>
    </message>
    <message>
        <source>Your microphone gives no sound at all. Switch it on at itself, allow Parley to use it in the system’s settings, or choose another one.</source>
        <translation>您的麦克风没有任何声音。请打开麦克风自身的开关，在系统设置中允许 Parley 使用它，或选择另一个麦克风。</translation>
    </message>
    <message>
        <source>You are talking, but your microphone is off. Switch it on to be heard.</source>
        <translation>您正在说话，但麦克风已关闭。请打开麦克风，让别人听到您。</translation>
    </message>
    <message>
        <source>This computer’s firewall may keep others out. An administrator opens it: %1</source>
        <translation>本机的防火墙可能会阻止其他人加入。请由管理员开放端口：%1</translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>取消静音</translation>
    </message>
    <message>
        <source>Start video</source>
        <translation>开启视频</translation>
    </message>
    <message>
        <source>Mute me</source>
        <translation>将我静音</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Turn your head to your left</source>
        <translation>请把头转向您的左边</translation>
    </message>
    <message>
        <source>Turn your head to your right</source>
        <translation>请把头转向您的右边</translation>
    </message>
    <message>
        <source>Nod</source>
        <translation>请点头</translation>
    </message>
    <message>
        <source>Blink with both eyes</source>
        <translation>请眨眨双眼</translation>
    </message>
    <message>
        <source>Cover your mouth with a hand</source>
        <translation>请用一只手捂住嘴</translation>
    </message>
    <message>
        <source>Look at the camera</source>
        <translation>请看着摄像头</translation>
    </message>
    <message>
        <source>%1 is being asked.</source>
        <translation>正在征求 %1 的同意。</translation>
    </message>
    <message>
        <source>%1 agreed. The check is being prepared.</source>
        <translation>%1 已同意，正在准备检测。</translation>
    </message>
    <message>
        <source>%1 is doing what is asked of them. Watch, too.</source>
        <translation>%1 正在按提示操作，也请您留意观察。</translation>
    </message>
    <message>
        <source>What was seen is being weighed.</source>
        <translation>正在综合判断。</translation>
    </message>
    <message>
        <source>The check is over.</source>
        <translation>检测已结束。</translation>
    </message>
    <message>
        <source>Check: consistent</source>
        <translation>检测：一致</translation>
    </message>
    <message>
        <source>Check: inconsistent</source>
        <translation>检测：不一致</translation>
    </message>
    <message>
        <source>Check: inconclusive</source>
        <translation>检测：无法判断</translation>
    </message>
    <message>
        <source>Picture, voice and what %1 was asked to do fit together.</source>
        <translation>画面、声音与 %1 按提示所做的动作相符。</translation>
    </message>
    <message>
        <source>Something does not fit together. Ask %1 something only they would know.</source>
        <translation>有不相符之处。请问 %1 一个只有本人知道的问题。</translation>
    </message>
    <message>
        <source>What was seen is not enough to tell, or does not agree. Try again in better light.</source>
        <translation>所见不足以判断，或互相矛盾。请在更好的光线下重试。</translation>
    </message>
    <message>
        <source>The person did not agree. That says nothing about them.</source>
        <translation>对方没有同意。这不说明任何问题。</translation>
    </message>
    <message>
        <source>The person did not answer.</source>
        <translation>对方没有回答。</translation>
    </message>
    <message>
        <source>It was stopped.</source>
        <translation>检测已停止。</translation>
    </message>
    <message>
        <source>The person stopped it.</source>
        <translation>对方停止了检测。</translation>
    </message>
    <message>
        <source>Another check is going on. Try again in half a minute.</source>
        <translation>另一项检测正在进行，请半分钟后重试。</translation>
    </message>
    <message>
        <source>The person left.</source>
        <translation>对方已离开。</translation>
    </message>
    <message>
        <source>The camera was turned off.</source>
        <translation>摄像头已关闭。</translation>
    </message>
    <message>
        <source>The connection was lost.</source>
        <translation>连接已断开。</translation>
    </message>
    <message>
        <source>The host’s computer could not begin it. Try again.</source>
        <translation>主持人的电脑未能开始检测，请重试。</translation>
    </message>
    <message>
        <source>It stopped because of a mistake of ours. Try again.</source>
        <translation>由于程序错误，检测已中断，请重试。</translation>
    </message>
    <message>
        <source>The microphone was off, or nothing was said.</source>
        <translation>麦克风已关闭，或没有人说话。</translation>
    </message>
    <message>
        <source>Nothing was said.</source>
        <translation>没有人说话。</translation>
    </message>
    <message>
        <source>The face was out of sight too long.</source>
        <translation>面部离开画面太久。</translation>
    </message>
    <message>
        <source>There is more than one face.</source>
        <translation>画面中不止一张脸。</translation>
    </message>
    <message>
        <source>Sunglasses or something else hides the face.</source>
        <translation>面部被墨镜或其他物体遮挡。</translation>
    </message>
    <message>
        <source>The face is too dark.</source>
        <translation>面部太暗。</translation>
    </message>
    <message>
        <source>The face is too small. Sit nearer to the camera.</source>
        <translation>面部太小，请靠近摄像头。</translation>
    </message>
    <message>
        <source>Too little was seen.</source>
        <translation>看到的内容太少。</translation>
    </message>
    <message>
        <source>The picture stands almost still.</source>
        <translation>画面几乎静止。</translation>
    </message>
    <message>
        <source>Too few pictures came through the network, or the host’s computer is busy.</source>
        <translation>网络传来的画面太少，或主持人的电脑较忙。</translation>
    </message>
    <message>
        <source>This was not asked.</source>
        <translation>没有检测这一项。</translation>
    </message>
    <message>
        <source>The connection was made anew since they joined.</source>
        <translation>对方加入后重新建立过连接。</translation>
    </message>
    <message>
        <source>Does the picture repeat or stand still?</source>
        <translation>画面是否重复或静止？</translation>
    </message>
    <message>
        <source>Do the lips move to the voice?</source>
        <translation>嘴唇动作与声音是否相符？</translation>
    </message>
    <message>
        <source>Was done what was asked?</source>
        <translation>是否按提示做了动作？</translation>
    </message>
    <message>
        <source>Does the light of the screen show on the face?</source>
        <translation>屏幕的光是否映在脸上？</translation>
    </message>
    <message>
        <source>Does the face move as faces do?</source>
        <translation>面部活动是否自然？</translation>
    </message>
    <message>
        <source>Was the number read aloud?</source>
        <translation>是否读出了数字？</translation>
    </message>
    <message>
        <source>What does a trained detector say?</source>
        <translation>训练过的检测模型怎么看？</translation>
    </message>
    <message>
        <source>Cannot tell. %1</source>
        <translation>无法判断。%1</translation>
    </message>
    <message>
        <source>Speaks for the camera.</source>
        <translation>支持摄像头可信。</translation>
    </message>
    <message>
        <source>Speaks against the camera.</source>
        <translation>不支持摄像头可信。</translation>
    </message>
    <message>
        <source>Says little either way.</source>
        <translation>两方面都说明不了什么。</translation>
    </message>
    <message>
        <source>Happy (guess)</source>
        <translation>高兴（猜测）</translation>
    </message>
    <message>
        <source>Neutral (guess)</source>
        <translation>平静（猜测）</translation>
    </message>
    <message>
        <source>Surprised (guess)</source>
        <translation>惊讶（猜测）</translation>
    </message>
    <message>
        <source>Sad (guess)</source>
        <translation>难过（猜测）</translation>
    </message>
    <message>
        <source>Angry (guess)</source>
        <translation>生气（猜测）</translation>
    </message>
    <message>
        <source>Afraid (guess)</source>
        <translation>害怕（猜测）</translation>
    </message>
    <message>
        <source>Disgusted (guess)</source>
        <translation>厌恶（猜测）</translation>
    </message>
    <message>
        <source>Unclear: turned away</source>
        <translation>无法判断：脸转开了</translation>
    </message>
    <message>
        <source>Unclear: too small</source>
        <translation>无法判断：画面太小</translation>
    </message>
    <message>
        <source>Unclear: too dark</source>
        <translation>无法判断：光线太暗</translation>
    </message>
    <message>
        <source>Unclear: covered</source>
        <translation>无法判断：脸被遮住</translation>
    </message>
    <message>
        <source>Unclear: more than one face</source>
        <translation>无法判断：不止一张脸</translation>
    </message>
    <message>
        <source>Unclear</source>
        <translation>无法判断</translation>
    </message>
    <message>
        <source>%1 joined</source>
        <translation>%1 加入了会议</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>%1 离开了会议</translation>
    </message>
    <message>
        <source>%1 stopped your video. You can start it again.</source>
        <translation>%1 关闭了您的视频。您可以重新开启。</translation>
    </message>
    <message>
        <source>%1 muted you. You can unmute yourself when you want to speak.</source>
        <translation>%1 将您静音了。需要发言时您可以自行取消静音。</translation>
    </message>
    <message>
        <source>%1 asks you to unmute.</source>
        <translation>%1 请您取消静音。</translation>
    </message>
    <message>
        <source>%1 is not a file that Parley wrote for this. Write one on a computer that has the files.</source>
        <translation>%1 不是 Parley 为此写出的文件。请在已有这些文件的电脑上写一个。</translation>
    </message>
    <message>
        <source>There is nothing in %1 that captions could use. Choose a file that Parley wrote for this, or the folder with the files.</source>
        <translation>%1 中没有字幕可用的文件。请选择 Parley 为此写出的文件，或装有这些文件的文件夹。</translation>
    </message>
    <message>
        <source>It was not shared.</source>
        <translation>未能共享。</translation>
    </message>
    <message>
        <source>It was not saved.</source>
        <translation>未能保存。</translation>
    </message>
    <message>
        <source>It cannot be read, or has changed. Check the file, then try again.</source>
        <translation>无法读取文件，或文件已更改。请检查文件后重试。</translation>
    </message>
    <message>
        <source>There is no room in the folder for downloads, or nobody may write there.</source>
        <translation>下载文件夹空间不足，或没有写入权限。</translation>
    </message>
    <message>
        <source>It changed while it was sent. Try again.</source>
        <translation>文件在发送过程中发生了更改，请重试。</translation>
    </message>
    <message>
        <source>It arrived damaged. Try again.</source>
        <translation>收到的文件已损坏，请重试。</translation>
    </message>
    <message>
        <source>A file may have 4 GB, and a meeting 200 files and 16 GB. Withdraw some first.</source>
        <translation>单个文件最大 4 GB，每次会议最多 200 个文件、共 16 GB。请先撤回一些文件。</translation>
    </message>
    <message>
        <source>It is not shared any more.</source>
        <translation>该文件已不再共享。</translation>
    </message>
    <message>
        <source>The host does not allow it here.</source>
        <translation>主持人不允许此操作。</translation>
    </message>
    <message>
        <source>There is no room on the host’s computer. Ask the host to free some space.</source>
        <translation>主持人的电脑空间不足，请主持人腾出一些空间。</translation>
    </message>
    <message>
        <source>%1 stopped your screen.</source>
        <translation>%1 停止了您的屏幕共享。</translation>
    </message>
    <message>
        <source>%1 waits to come in</source>
        <translation>%1 正在等候进入</translation>
    </message>
    <message>
        <source>%1 is now the host.</source>
        <translation>%1 现在是主持人。</translation>
    </message>
    <message>
        <source>You are now the host.</source>
        <translation>您现在是主持人。</translation>
    </message>
    <message>
        <source>You are now co-host.</source>
        <translation>您现在是联席主持人。</translation>
    </message>
    <message>
        <source>You are no longer a host of this meeting.</source>
        <translation>您不再是此会议的主持人。</translation>
    </message>
    <message>
        <source>%1 raised a hand</source>
        <translation>%1 举手了</translation>
    </message>
    <message>
        <source>%1 shared %2</source>
        <translation>%1 共享了 %2</translation>
    </message>
    <message>
        <source>%1 wrote in the chat</source>
        <translation>%1 发来了聊天消息</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>Another computer answers than last time</source>
        <translation>回应的电脑与上次不同</translation>
    </message>
    <message>
        <source>Is this the right host?</source>
        <translation>这是正确的主机吗？</translation>
    </message>
    <message>
        <source>At %1 you trusted another computer before. Networks give addresses away anew, so this may be harmless; or somebody poses as your host.</source>
        <translation>您以前在 %1 信任的是另一台电脑。网络可能会重新分配地址，因此这也许没有问题；也可能有人在冒充您的主机。</translation>
    </message>
    <message>
        <source>Ask the host to open Invite. Does the host&apos;s screen show these words? Nothing has been sent yet.</source>
        <translation>请主持人打开“邀请”。主机屏幕上显示的是这些词语吗？目前尚未发送任何内容。</translation>
    </message>
    <message>
        <source>They match</source>
        <translation>完全相同</translation>
    </message>
    <message>
        <source>They differ</source>
        <translation>有所不同</translation>
    </message>
</context>
<context>
    <name>You</name>
    <message>
        <source>Your name, as others see it</source>
        <translation>您的名字（他人看到的）</translation>
    </message>
    <message>
        <source>Start with the microphone on</source>
        <translation>进入时开启麦克风</translation>
    </message>
    <message>
        <source>Start with the camera on</source>
        <translation>进入时开启摄像头</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>As the computer</source>
        <translation>跟随电脑</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>文字大小</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>缩小文字</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>放大文字</translation>
    </message>
    <message>
        <source>No motion</source>
        <translation>不使用动画</translation>
    </message>
</context>
</TS>
