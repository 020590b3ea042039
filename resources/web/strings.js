// Every sentence of the page, whole, in English and Simplified Chinese.  Sentences from the host are shown as they come.

const ENGLISH = {
  allow_devices: "Parley may not use your microphone or camera. Allow both in the browser's address bar, then reload.",
  camera_off: "Turn camera on",
  camera_on: "Turn camera off",
  caption_me: "Caption what I say",
  caption_me_not: "Stop captioning me",
  captions: "Captions",
  captions_hide: "Hide captions",
  captions_off: "The host has turned captions off.",
  captions_show: "Show captions",
  connecting: "Connecting…",
  consent_kept: "Everybody here sees the captions. The host keeps them as text; no sound is kept.",
  consent_no: "Don't allow",
  consent_title: "May your speech be captioned?",
  consent_undo: "You can change your answer at any time. Saying no costs nothing and is not announced.",
  consent_what: "A program on the host's computer writes down what you say, live, next to your name. Nothing leaves this network.",
  consent_yes: "Allow",
  controls: "Controls",
  host_gone: "We lost the host. Trying again…",
  host_lost: "The host cannot be reached any more. Check that you are in the same network, then join again.",
  join: "Join",
  join_again: "Join again",
  join_title: "Join the meeting",
  joined: "{name} joined.",
  leave: "Leave",
  left: "{name} left.",
  meeting_code: "Meeting code",
  microphone_off: "Unmute",
  microphone_on: "Mute",
  muted: "muted",
  no_camera: "No camera was found. Others hear you but cannot see you.",
  no_devices: "No microphone and no camera were found. You can see and hear the others.",
  no_host: "The host does not answer. Check that you are in the same network and that the meeting is still open.",
  over: "The meeting is over for you",
  people: "People",
  speaking: "speaking",
  stays_here: "Sound, picture and captions stay in this network.",
  you: "{name} (you)",
  you_left: "You left the meeting.",
  your_name: "Your name",
};

const CHINESE = {
  allow_devices: "Parley 无法使用您的麦克风或摄像头。请在浏览器地址栏中允许两者，然后重新加载页面。",
  camera_off: "打开摄像头",
  camera_on: "关闭摄像头",
  caption_me: "为我的发言加字幕",
  caption_me_not: "停止为我加字幕",
  captions: "字幕",
  captions_hide: "隐藏字幕",
  captions_off: "主持人已关闭字幕。",
  captions_show: "显示字幕",
  connecting: "正在连接…",
  consent_kept: "会议中的每个人都能看到字幕。主持人会以文字形式保存字幕，不保存声音。",
  consent_no: "不允许",
  consent_title: "可以为您的发言加字幕吗？",
  consent_undo: "您可以随时更改。选择不允许没有任何影响，也不会通知他人。",
  consent_what: "主持人电脑上的程序会实时记录您说的话，并显示在您的名字旁边。任何内容都不会离开此网络。",
  consent_yes: "允许",
  controls: "控制",
  host_gone: "与主持人的连接已断开，正在重试…",
  host_lost: "无法再连接到主持人。请检查您是否在同一网络中，然后重新加入。",
  join: "加入",
  join_again: "重新加入",
  join_title: "加入会议",
  joined: "{name} 已加入。",
  leave: "离开",
  left: "{name} 已离开。",
  meeting_code: "会议代码",
  microphone_off: "取消静音",
  microphone_on: "静音",
  muted: "已静音",
  no_camera: "没有找到摄像头。其他人能听到您，但看不到您。",
  no_devices: "没有找到麦克风和摄像头。您可以看到和听到其他人。",
  no_host: "主持人没有响应。请检查您是否在同一网络中，以及会议是否仍在进行。",
  over: "您已不在会议中",
  people: "与会者",
  speaking: "正在发言",
  stays_here: "声音、画面和字幕都不会离开此网络。",
  you: "{name}（您）",
  you_left: "您已离开会议。",
  your_name: "您的姓名",
};

const chinese = navigator.language.toLowerCase().startsWith("zh");
const strings = chinese ? CHINESE : ENGLISH;

/** The sentence called `key`, with `{name}` filled in. */
export const text = (key, { name = "" } = {}) => strings[key].replace("{name}", () => name);

/** Fills in what the page marks with data-text and data-label. */
export function translate(root) {
  document.documentElement.lang = chinese ? "zh-CN" : "en";
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = text(element.dataset.text);
  for (const element of root.querySelectorAll("[data-label]")) element.setAttribute("aria-label", text(element.dataset.label));
}
